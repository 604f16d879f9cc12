import { z } from 'zod'
import { locatedPoint, lonLat } from './geo.ts'
import { service } from './service.ts'
import { attributes, identifier, label } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** The level of a network element. `transport` and `power` (rings, routers, UPS) feed the others through links. */
export const elementKind = z.enum(['core', 'aggregation', 'transport', 'power', 'site', 'cell', 'other'])
export type ElementKind = z.infer<typeof elementKind>

/** The ground that one element serves. A sector looks towards `azimuthDegrees`, clockwise from north. */
export const coverage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('radius'), radiusMeters: z.number().positive().max(200_000) }),
  z.strictObject({
    kind: z.literal('sector'),
    azimuthDegrees: z.number().min(0).max(360),
    beamDegrees: z.number().positive().max(360),
    radiusMeters: z.number().positive().max(200_000),
  }),
  z.strictObject({ kind: z.literal('polygon'), ring: z.array(lonLat).min(3).max(1000) }),
])
export type Coverage = z.infer<typeof coverage>

const elementFields = z.strictObject({
  kind: elementKind,
  name: label,
  /** Other names that people use for it, in any language. */
  aliases: z.array(label).max(50).optional(),
  /** The vendor's or standard's word: MSC, BSC, OLT, eNodeB, UPS … */
  elementType: label.optional(),
  /** The operator or network that it belongs to. Left out: the only one. */
  network: identifier.optional(),
  services: z.array(service).max(4).optional(),
  technology: label.optional(),
  location: locatedPoint.optional(),
  parent: identifier.optional(),
  subscribers: z.int().min(0).max(1_000_000_000).optional(),
  coverage: coverage.optional(),
  attributes: attributes.optional(),
})

export const elementRegistered = elementFields.extend({ elementId: identifier })
export type ElementRegistered = z.infer<typeof elementRegistered>

/** `set` replaces the named fields, `unset` removes them. */
export const elementChanged = z.strictObject({
  elementId: identifier,
  set: elementFields.partial(),
  unset: z
    .array(
      z.enum([
        'aliases',
        'elementType',
        'network',
        'services',
        'technology',
        'location',
        'parent',
        'subscribers',
        'coverage',
        'attributes',
      ]),
    )
    .optional(),
})
export type ElementChanged = z.infer<typeof elementChanged>

export const elementRetired = z.strictObject({ elementId: identifier })
export type ElementRetired = z.infer<typeof elementRetired>

/** `elementId` depends on `dependsOn`. A ring neighbour's failure counts only when the element is cut on both sides. */
export const elementLink = z.strictObject({
  elementId: identifier,
  dependsOn: identifier,
  relation: z.enum(['feeds', 'powers', 'ringNeighbour']),
})
export type ElementLink = z.infer<typeof elementLink>
