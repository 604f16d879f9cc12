import type { PlaceDraft } from '../../schemas/command-complaint.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import { locatedPoint } from '../../schemas/geo.ts'
import { maxResults, type Place, type PlaceIndex } from '../places/place-index.ts'
import { bestMatch } from '../places/place-verdict.ts'

type StoredPlace = NonNullable<ComplaintReceived['place']>

/** What a stated place came to. `ambiguous`: somebody has to be asked which one, until then there is no place. */
export type FoundPlace =
  | { readonly kind: 'unstated' }
  | { readonly kind: 'found'; readonly place: StoredPlace }
  | { readonly kind: 'ambiguous'; readonly name: string; readonly candidates: readonly Place[] }
  | { readonly kind: 'not-found'; readonly what: string }

/** "Which one?" offers at most this many places. */
const maxCandidates = 8

/** The point of a stated place: its own, else that of the place chosen, else that of the name. */
export function findPlace(draft: PlaceDraft | undefined, places: PlaceIndex): FoundPlace {
  if (draft === undefined) return { kind: 'unstated' }
  const { point, crs, placeId, name, uncertaintyMeters, source } = draft
  if (point !== undefined) {
    const location = locatedPoint.parse({ point, ...(crs === undefined ? {} : { crs }) })
    const rest = { ...(name === undefined ? {} : { name }), ...(placeId === undefined ? {} : { placeId }) }
    const uncertainty = uncertaintyMeters === undefined ? {} : { uncertaintyMeters }
    return { kind: 'found', place: { location, source: source ?? 'map', ...uncertainty, ...rest } }
  }
  if (placeId !== undefined) {
    const place = places.get(placeId)
    if (place !== undefined) return { kind: 'found', place: placed(place, draft, 0) }
    if (name === undefined) return { kind: 'not-found', what: placeId }
  }
  return name === undefined ? { kind: 'unstated' } : findByName(name, draft, places)
}

function findByName(name: string, draft: PlaceDraft, places: PlaceIndex): FoundPlace {
  const verdict = bestMatch(places.search(name, { limit: maxResults }))
  switch (verdict.kind) {
    case 'none':
      return { kind: 'not-found', what: name }
    case 'one':
      return { kind: 'found', place: placed(verdict.match.place, draft, verdict.spreadMeters) }
    case 'ambiguous': {
      const candidates = verdict.candidates.slice(0, maxCandidates).map(({ place }) => place)
      return { kind: 'ambiguous', name, candidates }
    }
  }
}

/** A long street is as uncertain as its pieces lie apart; otherwise the ruleset says how exact words are. */
function placed(place: Place, draft: PlaceDraft, spreadMeters: number): StoredPlace {
  const known = Math.max(place.uncertaintyMeters ?? 0, spreadMeters)
  const uncertaintyMeters = draft.uncertaintyMeters ?? (known > 0 ? Math.round(known) : undefined)
  return {
    location: { point: [place.point[0], place.point[1]] },
    source: draft.source ?? 'words',
    ...(uncertaintyMeters === undefined ? {} : { uncertaintyMeters }),
    name: place.name,
    ...(place.id.length <= maxPlaceIdChars ? { placeId: place.id } : {}),
  }
}

/** Stored identifiers are no longer. */
const maxPlaceIdChars = 200
