import { foldInitials, hanSounds, soundAlike } from './han-sounds.ts'
import { nameSimilarity } from './name-similarity.ts'
import { compact, placeUnits, type Unit } from './place-text.ts'

export type MatchKind = 'exact' | 'alias' | 'prefix' | 'substring' | 'pinyin' | 'initials' | 'fuzzy'

interface NameScore {
  /** From 0 to 1, comparable between names for one query. */
  readonly score: number
  readonly matched: MatchKind
}

interface PreparedName {
  readonly units: readonly Unit[]
  readonly compact: string
}

// Every kind of match has a band of scores, so that a better kind always ranks first; within its band a match that
// covers more of the name, or begins where the name begins, ranks higher.
const aliasScore = 0.98
const aliasMalus = 0.005
const bands = {
  prefix: [0.88, 0.95],
  substring: [0.78, 0.87],
  /** The query holds the whole name and more: "beside Tianhe Straight Street, Guangzhou". */
  contained: [0.63, 0.87],
  pinyin: [0.64, 0.77],
  initials: [0.5, 0.6],
  fuzzy: [0, 0.62],
} as const
/** Less alike than this is not a match at all. */
const minSimilarity = 0.55

export function prepareName(text: string): PreparedName {
  const units = placeUnits(text)
  return { units, compact: compact(units) }
}

/** How well a query names a place, or undefined where it does not. `isAlias` tells a second name from the first. */
export function scoreName(query: PreparedName, name: PreparedName, isAlias: boolean): NameScore | undefined {
  if (query.units.length === 0 || name.units.length === 0) return undefined
  if (query.compact === name.compact) {
    return isAlias ? { score: aliasScore, matched: 'alias' } : { score: 1, matched: 'exact' }
  }
  const found = written(query, name) ?? sounding(query, name) ?? typed(query, name) ?? similar(query, name)
  return isAlias && found !== undefined ? { ...found, score: found.score - aliasMalus } : found
}

function within(band: readonly [number, number], share: number): number {
  return band[0] + (band[1] - band[0]) * Math.min(1, share)
}

function written(query: PreparedName, name: PreparedName): NameScore | undefined {
  const share = query.compact.length / name.compact.length
  const at = textOffset(query, name)
  if (at === 0) return { score: within(bands.prefix, share), matched: 'prefix' }
  if (at > 0) return { score: within(bands.substring, share), matched: 'substring' }
  if (sameWords(query.units, name.units)) return { score: bands.substring[1], matched: 'substring' }
  const held = unitOffset(query.units, name.units, (a, b) => a.text === b.text)
  if (held < 0 || name.compact.length < 2) return undefined
  return { score: within(bands.contained, 1 / share), matched: 'substring' }
}

/** "Circus Piccadilly" for "Piccadilly Circus". Han characters are no words: their order makes the name. */
function sameWords(query: readonly Unit[], name: readonly Unit[]): boolean {
  if (query.length !== name.length || name.some((unit) => unit.kind === 'han')) return false
  const sorted = (units: readonly Unit[]): string =>
    units
      .map((unit) => unit.text)
      .sort()
      .join(' ')
  return sorted(query) === sorted(name)
}

/** Where the query's text stands in the name's, -1 if nowhere. "2号院" is not in "12号院", nor "1号" in "号院1号1". */
function textOffset(query: PreparedName, name: PreparedName): number {
  for (
    let at = name.compact.indexOf(query.compact);
    at >= 0;
    at = name.compact.indexOf(query.compact, at + 1)
  ) {
    const cutsBefore = query.units[0]?.kind === 'number' && isDigit(name.compact[at - 1])
    const cutsBehind =
      query.units.at(-1)?.kind === 'number' && isDigit(name.compact[at + query.compact.length])
    // A number at the very end may still be being typed: "Road 1" on the way to "Road 12".
    if (!cutsBefore && (!cutsBehind || at === 0)) return at
  }
  return -1
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && /\p{Nd}/u.test(character)
}

function unitOffset(
  whole: readonly Unit[],
  part: readonly Unit[],
  alike: (a: Unit, b: Unit) => boolean,
): number {
  for (let start = 0; start + part.length <= whole.length; start++) {
    const fits = part.every((unit, at) => {
      const other = whole[start + at]
      return other !== undefined && alike(other, unit)
    })
    if (fits) return start
  }
  return -1
}

/** Written in Han characters that sound like the name's: the usual slip of pinyin keyboards. */
function sounding(query: PreparedName, name: PreparedName): NameScore | undefined {
  if (query.units.length < 2) return undefined
  const start = unitOffset(name.units, query.units, (a, b) =>
    a.kind === 'han' && b.kind === 'han' ? soundAlike(a.text, b.text) : a.text === b.text,
  )
  return start < 0 ? undefined : soundScore('pinyin', start, query.units.length / name.units.length)
}

/** Written in letters: as pinyin, whole or begun, or as the initials of the syllables. */
function typed(query: PreparedName, name: PreparedName): NameScore | undefined {
  if (query.units.some((unit) => unit.kind === 'han')) return undefined
  if (!name.units.some((unit) => unit.kind === 'han')) return undefined
  const letters = foldInitials(query.compact)
  const syllables = spelled(letters, name.units, (unit) => hanSounds(unit.text).typed)
  if (syllables !== undefined) return soundScore('pinyin', syllables.start, syllables.share)
  const initials = spelled(query.compact, name.units, (unit) => hanSounds(unit.text).initials)
  return initials === undefined || initials.count < 2
    ? undefined
    : soundScore('initials', initials.start, initials.share)
}

function soundScore(matched: 'pinyin' | 'initials', start: number, share: number): NameScore {
  return { score: within(bands[matched], start === 0 ? 0.4 + 0.6 * share : 0.4 * share), matched }
}

interface Spelled {
  readonly start: number
  readonly count: number
  readonly share: number
}

/** The first run of units that the letters spell out; the last unit may be spelled in part. */
function spelled(
  letters: string,
  units: readonly Unit[],
  spellingsOf: (unit: Unit) => readonly string[],
): Spelled | undefined {
  // What fails once at a unit and a letter fails from every start, so the work is bounded by units times letters.
  const failed = new Set<number>()
  const run = (at: number, from: number): number | undefined => {
    if (from >= letters.length) return at
    const unit = units[at]
    const key = at * (letters.length + 1) + from
    if (unit === undefined || failed.has(key)) return undefined
    for (const spelling of unit.kind === 'han' ? spellingsOf(unit) : [unit.text]) {
      const end = letters.startsWith(spelling, from)
        ? run(at + 1, from + spelling.length)
        : spelling.startsWith(letters.slice(from))
          ? at + 1
          : undefined
      if (end !== undefined) return end
    }
    failed.add(key)
    return undefined
  }
  for (let start = 0; start < units.length; start++) {
    const end = run(start, 0)
    if (end !== undefined) return { start, count: end - start, share: (end - start) / units.length }
  }
  return undefined
}

function similar(query: PreparedName, name: PreparedName): NameScore | undefined {
  const similarity = nameSimilarity(query.units, name.units)
  return similarity < minSimilarity ? undefined : { score: within(bands.fuzzy, similarity), matched: 'fuzzy' }
}
