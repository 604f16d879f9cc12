import { foldInitials, hanSounds, maxSyllableLetters, syllablesTyped } from './han-sounds.ts'
import { compact, type Unit } from './place-text.ts'

/** Initials of fewer letters say nothing; of more, the first ones decide. */
const minInitials = 2
const maxInitials = 12
/** Readings multiplied out for one gram; characters with more readings lose the rarest combinations. */
const maxSpellings = 8

/**
 * The keys under which the index files a name. Each kind of gram has its own first letter: c for written characters
 * and digits, w for letters within words, p for syllables, i for initials. `^` marks the beginning, `$` the end.
 */
export function nameGrams(units: readonly Unit[]): Set<string> {
  const grams = new Set<string>()
  addWritten(grams, units)
  addWords(grams, units)
  addSyllables(grams, units)
  addInitials(grams, units)
  return grams
}

/**
 * The keys that a query looks under, by family: its writing, its words, and the syllables and initials that it may
 * stand for. Families are searched apart, so that many good answers of one kind do not crowd out the one of another.
 */
export function queryGrams(units: readonly Unit[]): readonly ReadonlySet<string>[] {
  const written = new Set<string>()
  const words = new Set<string>()
  const syllables = new Set<string>()
  const initials = new Set<string>()
  addWritten(written, units)
  addWords(words, units)
  addSyllables(syllables, units)
  if (units.every((unit) => unit.kind !== 'han')) {
    addTypedSyllables(syllables, foldInitials(compact(units)))
    addTypedInitials(initials, compact(units))
  }
  return [written, words, syllables, initials]
}

function addWritten(grams: Set<string>, units: readonly Unit[]): void {
  units.forEach((unit, at) => {
    if (unit.kind === 'word' && unit.text.length > 2) return
    if (at === 0) grams.add(`c^${unit.text}`)
    const next = units[at + 1]
    if (next === undefined) grams.add(`c${unit.text}$`)
    else if (next.kind !== 'word' || next.text.length <= 2) grams.add(`c${unit.text}${next.text}`)
  })
}

function addWords(grams: Set<string>, units: readonly Unit[]): void {
  for (const { kind, text } of units) {
    if (kind === 'number') grams.add(`w#${text}`)
    if (kind !== 'word') continue
    grams.add(`w^${text.slice(0, 2)}`)
    for (let at = 0; at + 3 <= text.length; at++) grams.add(`w${text.slice(at, at + 3)}`)
  }
}

function addSyllables(grams: Set<string>, units: readonly Unit[]): void {
  units.forEach((unit, at) => {
    if (unit.kind !== 'han') return
    const sounds = hanSounds(unit.text).folded
    if (at === 0) for (const sound of sounds) grams.add(`p^${sound}`)
    const next = units[at + 1]
    if (next?.kind !== 'han') return
    for (const pair of spellings([sounds, hanSounds(next.text).folded], ' ')) grams.add(`p${pair}`)
  })
}

function addInitials(grams: Set<string>, units: readonly Unit[]): void {
  const initials = units.map(initialsOf)
  if (units.some((unit) => unit.kind === 'han')) {
    for (const pair of spellings(initials.slice(0, 2), '')) grams.add(`i^${pair.slice(0, 2)}`)
    for (let at = 0; at + 3 <= initials.length; at++) {
      for (const triple of spellings(initials.slice(at, at + 3), '')) grams.add(`i${triple.slice(0, 3)}`)
    }
  }
}

function initialsOf(unit: Unit): readonly string[] {
  switch (unit.kind) {
    case 'han':
      return hanSounds(unit.text).initials
    case 'number':
      return [unit.text]
    case 'word':
      return [unit.text.slice(0, 1)]
  }
}

/** All ways to spell consecutive units, joined; none where one of them has no sound. */
function spellings(readings: readonly (readonly string[])[], joint: string): readonly string[] {
  let heads = readings[0] ?? []
  for (const tails of readings.slice(1)) {
    heads = heads.flatMap((head) => tails.map((tail) => head + joint + tail)).slice(0, maxSpellings)
  }
  return heads
}

/** Letters may split into syllables in several ways (xian, xi an); every pair on any way from the beginning counts. */
function addTypedSyllables(grams: Set<string>, letters: string): void {
  const endingAt = new Map<number, Set<string>>([[0, new Set(['^'])]])
  for (let at = 0; at < letters.length; at++) {
    const before = endingAt.get(at)
    if (before === undefined) continue
    for (let end = at + 1; end <= Math.min(letters.length, at + maxSyllableLetters); end++) {
      for (const syllable of syllablesTyped(letters.slice(at, end)) ?? []) {
        for (const previous of before)
          grams.add(previous === '^' ? `p^${syllable}` : `p${previous} ${syllable}`)
        endingAt.set(end, (endingAt.get(end) ?? new Set()).add(syllable))
      }
    }
  }
}

function addTypedInitials(grams: Set<string>, letters: string): void {
  if (letters.length < minInitials) return
  const initials = letters.slice(0, maxInitials)
  grams.add(`i^${initials.slice(0, 2)}`)
  for (let at = 0; at + 3 <= initials.length; at++) grams.add(`i${initials.slice(at, at + 3)}`)
}
