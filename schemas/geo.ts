import gcoord from 'gcoord'
import { z } from 'zod'

/** `[lon, lat]` in degrees, as in GeoJSON. */
export const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
export type LonLat = z.infer<typeof lonLat>

/** The datum of coordinates as sent: WGS-84 unless said otherwise. GCJ-02 and BD-09 are those of Chinese maps. */
export const crs = z.enum(['wgs84', 'gcj02', 'bd09'])
type Crs = z.infer<typeof crs>

/** A point in WGS-84; where it was sent in another datum, the original is kept beside it. */
export const locatedPoint = z
  .strictObject({
    point: lonLat,
    crs: crs.optional(),
    original: z.strictObject({ crs, point: lonLat }).optional(),
  })
  .transform(({ point, crs: datum, original }) => {
    if (datum !== undefined && datum !== 'wgs84')
      return { point: toWgs84(point, datum), original: { crs: datum, point } }
    return original === undefined ? { point } : { point, original }
  })
export type LocatedPoint = z.infer<typeof locatedPoint>

const ring = z
  .array(lonLat)
  .min(3)
  .max(1000)
  .describe(
    'Corners in order; the last joins the first, repeated or not. One ring, not crossing the antimeridian.',
  )

const circle = z.strictObject({
  kind: z.literal('circle'),
  center: lonLat,
  radiusMeters: z.number().positive().max(200_000),
  crs: crs.optional(),
})
const polygon = z.strictObject({ kind: z.literal('polygon'), ring, crs: crs.optional() })

/** An area on the ground: circle or polygon, stored in WGS-84 with the datum that it was sent in. */
export const area = z.discriminatedUnion('kind', [circle, polygon]).transform((sent) => {
  const datum = sent.crs ?? 'wgs84'
  switch (sent.kind) {
    case 'circle':
      return { kind: sent.kind, center: toWgs84(sent.center, datum), radiusMeters: sent.radiusMeters }
    case 'polygon':
      return { kind: sent.kind, ring: sent.ring.map((corner) => toWgs84(corner, datum)) }
  }
})
export type Area = z.infer<typeof area>

/** Degrees to seven decimals: a centimetre, and the same figure on every machine. */
const degreeScale = 1e7

/** What Node's import of gcoord really gives; its own declarations describe the bundlers' build. */
interface Gcoord {
  readonly WGS84: string
  readonly GCJ02: string
  readonly BD09: string
  transform(point: [number, number], from: string, to: string): [number, number]
}
const datums = gcoord as unknown as Gcoord

function toWgs84(point: LonLat, datum: Crs): LonLat {
  if (datum === 'wgs84') return point
  const from = datum === 'gcj02' ? datums.GCJ02 : datums.BD09
  const [lon, lat] = datums.transform([point[0], point[1]], from, datums.WGS84)
  return [Math.round(lon * degreeScale) / degreeScale, Math.round(lat * degreeScale) / degreeScale]
}
