import { pinyin } from 'pinyin-pro'

/** The sounds of one Han character over all its readings, without tones. */
export interface HanSounds {
  /** Syllables as the index keeps them: southern accents and hasty typists do not tell zh from z or -ng from -n. */
  readonly folded: readonly string[]
  /** What people type for it, initials folded: with and without the final g, and u or v for ü. */
  readonly typed: readonly string[]
  readonly initials: readonly string[]
}

const silent: HanSounds = { folded: [], typed: [], initials: [] }
// One entry for each distinct character ever seen: bounded by the Han block, some thousand in practice.
const memo = new Map<string, HanSounds>()
/** Typed syllable to the folded syllables that it may stand for, over all characters seen so far. */
const syllables = new Map<string, Set<string>>()
/** The longest Mandarin syllable is "zhuang"; folded and typed with v it is no longer. */
export const maxSyllableLetters = 6

export function hanSounds(character: string): HanSounds {
  const known = memo.get(character)
  if (known !== undefined) return known
  const sounds = lookUp(character)
  memo.set(character, sounds)
  return sounds
}

function lookUp(character: string): HanSounds {
  const readings = pinyin(character, { toneType: 'none', type: 'array', multiple: true, v: true })
    .map(foldInitials)
    .filter((reading) => /^[a-z]+$/.test(reading))
  if (readings.length === 0) return silent
  const typed = new Set<string>()
  for (const reading of readings) {
    for (const form of typedForms(reading)) {
      typed.add(form)
      const meant = syllables.get(form) ?? new Set()
      syllables.set(form, meant.add(foldFinal(reading)))
    }
  }
  return {
    folded: [...new Set(readings.map(foldFinal))],
    typed: [...typed],
    initials: [...new Set(readings.map((reading) => reading.slice(0, 1)))],
  }
}

/** "zhijie" and "zijie" become one; no syllable ends in z, c or s, so an h behind them always belongs to them. */
export function foldInitials(letters: string): string {
  return letters.replace(/([zcs])h/g, '$1')
}

function foldFinal(syllable: string): string {
  return syllable.endsWith('ng') ? syllable.slice(0, -1) : syllable
}

function typedForms(reading: string): string[] {
  const withEndings = reading.endsWith('ng')
    ? [reading, reading.slice(0, -1)]
    : reading.endsWith('n')
      ? [reading, `${reading}g`]
      : [reading]
  return withEndings.flatMap((form) => (form.includes('v') ? [form, form.replace('v', 'u')] : [form]))
}

/** The folded syllables that these letters may stand for, as far as any character seen so far sounds like it. */
export function syllablesTyped(letters: string): ReadonlySet<string> | undefined {
  return syllables.get(letters)
}

export function soundAlike(a: string, b: string): boolean {
  const others = hanSounds(b).folded
  return hanSounds(a).folded.some((syllable) => others.includes(syllable))
}
