import { advisories, type AdvisoryRow } from '../../projections/advisory.ts'
import { elements, type ElementRow } from '../../projections/element.ts'
import { gaps, type GapRow } from '../../projections/gap.ts'
import { key } from '../../projections/key.ts'
import { eachRow, type Rows } from '../../projections/rows.ts'
import type { Event } from '../../schemas/event.ts'
import type { Area } from '../../schemas/geo.ts'
import type { Place, PlaceIndex } from '../places/place-index.ts'

/** Keeps sites, gaps and published information findable as places, beside those of the gazetteer. */
export interface KnownPlaces {
  /** Takes in all that the read models hold; call once they have caught up. */
  load(): void
  /** Takes in what these events changed; call once the read models hold them. */
  follow(events: readonly Event[]): void
}

export function knownPlaces(rows: Rows, places: PlaceIndex): KnownPlaces {
  const set = (id: string, place: Place | undefined) => {
    if (place === undefined) places.remove(id)
    else places.put(place)
  }
  const setElement = (id: string) =>
    set(elementPlaceId(id), placeOfElement(rows.get(elements.name, key(id)) as ElementRow | undefined))
  const setGap = (id: string) =>
    set(gapPlaceId(id), placeOfGap(rows.get(gaps.name, key(id)) as GapRow | undefined))
  const setAdvisory = (id: string) =>
    set(advisoryPlaceId(id), placeOfAdvisory(rows.get(advisories.name, key(id)) as AdvisoryRow | undefined))

  return {
    load() {
      for (const row of eachRow(rows, elements)) set(elementPlaceId(row.elementId), placeOfElement(row))
      for (const row of eachRow(rows, gaps)) set(gapPlaceId(row.gapId), placeOfGap(row))
      for (const row of eachRow(rows, advisories)) {
        set(advisoryPlaceId(row.advisoryId), placeOfAdvisory(row))
      }
    },
    follow(events) {
      for (const { type, data } of events) {
        if (type === 'ElementRegistered' || type === 'ElementChanged' || type === 'ElementRetired') {
          setElement(data.elementId)
        } else if (
          type === 'CoverageGapReported' ||
          type === 'CoverageGapChanged' ||
          type === 'CoverageGapClosed'
        ) {
          setGap(data.gapId)
        } else if (type === 'AdvisoryPublished' || type === 'AdvisoryWithdrawn') {
          setAdvisory(data.advisoryId)
        }
      }
    },
  }
}

// Cells stand where their site stands; only the site is called by a name that customers know.
const namedKinds: ReadonlySet<string> = new Set(['site', 'aggregation', 'core', 'other'])

/** Whether a place is something of the network, and no name of the gazetteer. */
export function isOfNetwork(placeId: string): boolean {
  return /^(element|gap|advisory):/.test(placeId)
}

const elementPlaceId = (id: string) => `element:${id}`
const gapPlaceId = (id: string) => `gap:${id}`
const advisoryPlaceId = (id: string) => `advisory:${id}`

function placeOfElement(row: ElementRow | undefined): Place | undefined {
  if (row === undefined || row.retiredAt !== undefined) return undefined
  const { elementId, name, aliases, kind, location } = row.facts
  if (location === undefined || !namedKinds.has(kind)) return undefined
  return { id: elementPlaceId(elementId), name: name ?? elementId, aliases, kind, point: location.point }
}

function placeOfGap(row: GapRow | undefined): Place | undefined {
  if (row?.status !== 'open' || row.facts.name === undefined) return undefined
  return { id: gapPlaceId(row.gapId), name: row.facts.name, kind: 'gap', point: middleOf(row.facts.area) }
}

function placeOfAdvisory(row: AdvisoryRow | undefined): Place | undefined {
  if (row?.status !== 'published' || row.facts.area === undefined) return undefined
  const { advisoryId, title, area } = row.facts
  return { id: advisoryPlaceId(advisoryId), name: title, kind: 'advisory', point: middleOf(area) }
}

/** The centre of a circle; of a polygon the middle of its corners. */
function middleOf(area: Area): readonly [number, number] {
  switch (area.kind) {
    case 'circle':
      return area.center
    case 'polygon': {
      const sums = area.ring.reduce(([lon, lat], corner) => [lon + corner[0], lat + corner[1]], [0, 0])
      return [(sums[0] ?? 0) / area.ring.length, (sums[1] ?? 0) / area.ring.length]
    }
  }
}
