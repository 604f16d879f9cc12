import { z } from 'zod'
import { crs, lonLat } from './geo.ts'

/** A point as stored: WGS-84, and where it was sent in another datum, as it was sent. */
export const storedPoint = z.strictObject({
  point: lonLat,
  original: z.strictObject({ crs, point: lonLat }).optional(),
})

/** An area as stored, in WGS-84. */
export const storedArea = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('circle'), center: lonLat, radiusMeters: z.number() }),
  z.strictObject({ kind: z.literal('polygon'), ring: z.array(lonLat) }),
])
