import { attributesOf, listOf, numberOr, pointOf } from './cell-values.ts'
import type { Fields } from './column-mapping.ts'
import { present } from './draft.ts'

/** An element or a link as a file states it, not yet checked. */
export interface InventoryFact {
  readonly type: 'ElementRegistered' | 'ElementLinked'
  readonly data: Readonly<Record<string, unknown>>
}

export const elementFields = [
  'id',
  'kind',
  'name',
  'aliases',
  'type',
  'network',
  'services',
  'technology',
  'lon',
  'lat',
  'crs',
  'parent',
  'subscribers',
  'radius_m',
  'azimuth',
  'beam',
  'ring',
] as const

export const linkFields = ['elementId', 'dependsOn', 'relation'] as const

/** Width of a sector of which only direction and range are given. */
const defaultBeamDegrees = 120

/** A row of the documented inventory. Other columns become attributes. */
export function elementOf(fields: Fields, rest: Readonly<Record<string, string>>): InventoryFact {
  const azimuthDegrees = numberOr(fields['azimuth'])
  const coverage = coverageOf(fields)
  return {
    type: 'ElementRegistered',
    data: {
      elementId: fields['id'],
      kind: fields['kind']?.toLowerCase(),
      name: fields['name'] ?? fields['id'],
      aliases: listOf(fields['aliases']),
      elementType: fields['type'],
      network: fields['network'],
      services: listOf(fields['services']),
      technology: fields['technology'],
      location: pointOf(fields),
      parent: fields['parent'],
      subscribers: numberOr(fields['subscribers']),
      coverage,
      attributes: attributesOf(rest, coverage === undefined ? { azimuthDegrees } : {}),
    },
  }
}

/** Without a range only the direction is known; that stays an attribute, from which the engine makes a sector. */
function coverageOf(fields: Fields): object | undefined {
  const { ring, radius_m: radius, azimuth, beam } = fields
  if (ring !== undefined) {
    const corners = ring.split(/[;；]/).filter((corner) => corner.trim() !== '')
    return {
      kind: 'polygon',
      ring: corners.map((corner) =>
        corner
          .trim()
          .split(/[\s,]+/)
          .map(numberOr),
      ),
    }
  }
  if (radius === undefined) return undefined
  const radiusMeters = numberOr(radius)
  if (azimuth === undefined) return { kind: 'radius', radiusMeters }
  return present({
    kind: 'sector',
    azimuthDegrees: numberOr(azimuth),
    beamDegrees: numberOr(beam) ?? defaultBeamDegrees,
    radiusMeters,
  })
}

/** A row of the documented links: `elementId` depends on `dependsOn`. */
export function linkOf({ elementId, dependsOn, relation }: Fields): InventoryFact {
  return { type: 'ElementLinked', data: { elementId, dependsOn, relation: relation ?? 'feeds' } }
}
