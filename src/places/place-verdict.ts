import { metersBetween } from './meters-between.ts'
import type { PlaceMatch } from './place-index.ts'

/** Scores that differ by no more than this are nearly the same: an exact name here and an exact alias there. */
const nearlySameScore = 0.025
/** Pieces of one street follow each other at less than this; what lies farther apart is another place. */
const samePlaceMeters = 1_000
/** A match below this is shown as a guess, and never taken without asking. */
const minTrustedScore = 0.5

export type PlaceVerdict =
  | { readonly kind: 'none' }
  /** `spreadMeters`: how far the other pieces of the same place lie from the match; 0 where there are none. */
  | { readonly kind: 'one'; readonly match: PlaceMatch; readonly spreadMeters: number }
  /** "Which one?": one candidate for each place that may be meant, best first. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly PlaceMatch[] }

/**
 * Which place a search found, if it found one. Takes the matches of `search`, best first; search with
 * `limit: maxResults`, because namesakes behind the limit go unseen.
 */
export function bestMatch(matches: readonly PlaceMatch[]): PlaceVerdict {
  const best = matches[0]
  if (best === undefined) return { kind: 'none' }
  const contenders = matches.filter((match) => match.score >= best.score - nearlySameScore)
  const places = togetherWithin(samePlaceMeters, contenders)
  const pieces = places[0] ?? []
  if (places.length > 1 || best.score < minTrustedScore) {
    return { kind: 'ambiguous', candidates: places.flatMap((group) => group.slice(0, 1)) }
  }
  const distances = pieces.map(({ place }) => metersBetween(best.place.point, place.point))
  return { kind: 'one', match: best, spreadMeters: Math.max(0, ...distances) }
}

/** Whether the agent has to ask "which one?". */
export function isAmbiguous(matches: readonly PlaceMatch[]): boolean {
  return bestMatch(matches).kind === 'ambiguous'
}

/** Groups whose members are linked by steps of at most `meters`; groups and members keep the order of the matches. */
function togetherWithin(meters: number, matches: readonly PlaceMatch[]): PlaceMatch[][] {
  const left = new Set(matches)
  const groups: PlaceMatch[][] = []
  for (const first of matches) {
    if (!left.delete(first)) continue
    const group = [first]
    for (const member of group) {
      for (const other of left) {
        if (metersBetween(member.place.point, other.place.point) > meters) continue
        left.delete(other)
        group.push(other)
      }
    }
    groups.push(group)
  }
  return groups
}
