import { createGramPostings } from './gram-postings.ts'
import { metersBetween, type LonLat } from './meters-between.ts'
import { nameGrams, queryGrams } from './place-grams.ts'
import { placeUnits } from './place-text.ts'
import { prepareName, scoreName, type MatchKind } from './score-name.ts'

/** The most answers that one search gives, whatever it asks for. */
export const maxResults = 50
const defaultResults = 10
/** A second name beyond these is not searched. */
export const maxAliases = 20
/** How many index entries one family of grams looks at; rare grams come first, so common ones are what is left out. */
const maxPostingsVisited = 30_000
/** How many of the most promising names of one family are compared letter by letter. */
const maxNamesScored = 120
/** The index is built anew, without the removed names, once they are more than these and more than the living. */
const minDeadToCompact = 2_000

export interface Place {
  readonly id: string
  readonly name: string
  readonly aliases?: readonly string[] | undefined
  readonly kind: string
  /** [lon, lat], WGS-84. */
  readonly point: LonLat
  readonly uncertaintyMeters?: number | undefined
}

export interface PlaceMatch {
  readonly place: Place
  /** 0 to 1; see `scoreName`. */
  readonly score: number
  readonly matched: MatchKind
  /** The name or alias that matched. */
  readonly matchedName: string
}

interface SearchOptions {
  /** At most `maxResults`; 10 where left out. */
  readonly limit?: number | undefined
  /** Of equal scores the nearer to this point comes first. */
  readonly near?: LonLat | undefined
  readonly kinds?: readonly string[] | undefined
}

/** Names in memory, searched by writing, sound, pinyin, initials and with typing errors. Any text is accepted. */
export interface PlaceIndex {
  /** Adds a place, or replaces the one of the same id. */
  put(place: Place): void
  remove(id: string): boolean
  get(id: string): Place | undefined
  readonly size: number
  /** Best first; equal scores by distance from `near`, then by id. Empty where the query has no letter or digit. */
  search(query: string, options?: SearchOptions): PlaceMatch[]
}

interface Entry {
  readonly place: Place
  readonly name: string
  readonly isAlias: boolean
}

interface Candidate {
  readonly entry: Entry
  readonly sum: number
}

export function createPlaceIndex(): PlaceIndex {
  const places = new Map<string, { readonly place: Place; readonly entryNumbers: readonly number[] }>()
  let entries: (Entry | undefined)[] = []
  let postings = createGramPostings()
  let dead = 0
  // Scratch of one search, all zero between searches.
  let promise = new Float32Array(0)

  function put(place: Place): void {
    const known = places.get(place.id)
    if (known !== undefined && samePlace(known.place, place)) return
    remove(place.id)
    places.set(place.id, {
      place,
      entryNumbers: namesOf(place).map((name, at) => enter(place, name, at > 0)),
    })
  }

  function enter(place: Place, name: string, isAlias: boolean): number {
    const number = entries.push({ place, name, isAlias }) - 1
    for (const gram of nameGrams(placeUnits(name))) postings.add(gram, number)
    return number
  }

  function remove(id: string): boolean {
    const known = places.get(id)
    if (known === undefined) return false
    places.delete(id)
    for (const number of known.entryNumbers) entries[number] = undefined
    dead += known.entryNumbers.length
    if (dead > minDeadToCompact && dead > entries.length / 2) compactEntries()
    return true
  }

  function compactEntries(): void {
    const living = [...places.values()].map(({ place }) => place)
    places.clear()
    entries = []
    postings = createGramPostings()
    dead = 0
    living.forEach(put)
  }

  /** Adds up for each entry the weights of the grams that it shares; rarer grams weigh more. Says which it touched. */
  function weigh(grams: ReadonlySet<string>): number[] {
    if (promise.length < entries.length) promise = new Float32Array(entries.length * 2)
    const byRarity = [...grams]
      .map((gram) => ({ gram, count: postings.count(gram) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.count - b.count || (a.gram < b.gram ? -1 : 1))
    const touched: number[] = []
    let visited = 0
    for (const { gram, count } of byRarity) {
      if (visited > 0 && visited + count > maxPostingsVisited) break
      visited += count
      const weight = Math.log2(1 + entries.length / count)
      postings.visit(gram, (number) => {
        const before = promise[number] ?? 0
        if (before === 0) touched.push(number)
        promise[number] = before + weight
      })
    }
    return touched
  }

  function promisingEntries(grams: ReadonlySet<string>, options: SearchOptions): Entry[] {
    const touched = weigh(grams)
    const kinds = options.kinds === undefined ? undefined : new Set(options.kinds)
    const wanted = touched.filter((number) => {
      const entry = entries[number]
      return entry !== undefined && (kinds === undefined || kinds.has(entry.place.kind))
    })
    const sums = Float32Array.from(wanted, (number) => promise[number] ?? 0)
    for (const number of touched) promise[number] = 0
    const floor = sums.toSorted().at(-maxNamesScored) ?? 0
    const candidates = wanted.flatMap((number, at) => {
      const entry = entries[number]
      const sum = sums[at] ?? 0
      return entry === undefined || sum < floor ? [] : [{ entry, sum }]
    })
    return mostPromising(candidates, options.near)
  }

  function search(query: string, options: SearchOptions = {}): PlaceMatch[] {
    const prepared = prepareName(query)
    const { near } = options
    const best = new Map<string, PlaceMatch>()
    for (const { place, name, isAlias } of new Set(
      queryGrams(prepared.units).flatMap((family) => promisingEntries(family, options)),
    )) {
      const found = scoreName(prepared, prepareName(name), isAlias)
      if (found === undefined) continue
      const score = Math.round(found.score * 1e6) / 1e6
      if (score <= (best.get(place.id)?.score ?? 0)) continue
      best.set(place.id, { place, score, matched: found.matched, matchedName: name })
    }
    return [...best.values()]
      .map((match) => ({ match, distance: near === undefined ? 0 : metersBetween(near, match.place.point) }))
      .sort(
        (a, b) =>
          b.match.score - a.match.score ||
          a.distance - b.distance ||
          (a.match.place.id < b.match.place.id ? -1 : 1),
      )
      .slice(0, Math.min(options.limit ?? defaultResults, maxResults))
      .map(({ match }) => match)
  }

  return {
    put,
    remove,
    get: (id) => places.get(id)?.place,
    get size() {
      return places.size
    },
    search,
  }
}

function namesOf(place: Place): string[] {
  return [...new Set([place.name, ...(place.aliases ?? []).slice(0, maxAliases)])]
}

/** A gazetteer that is imported again changes little; what is alike costs nothing. */
function samePlace(a: Place, b: Place): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * The entries worth comparing closely. Of equally promising ones (a district's name begins thousands) the shorter names
 * come first, since the query covers more of them, then the nearer where a point is known, then the smaller id.
 */
function mostPromising(candidates: readonly Candidate[], near: LonLat | undefined): Entry[] {
  const distance = ({ entry }: Candidate): number => (near ? metersBetween(near, entry.place.point) : 0)
  return candidates
    .toSorted(
      (a, b) =>
        b.sum - a.sum ||
        a.entry.name.length - b.entry.name.length ||
        distance(a) - distance(b) ||
        (a.entry.place.id < b.entry.place.id ? -1 : 1),
    )
    .slice(0, maxNamesScored)
    .map(({ entry }) => entry)
}
