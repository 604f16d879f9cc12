import { z } from 'zod'
import { area, type Area, type LonLat } from '../../schemas/geo.ts'

/** West, south, east, north in degrees, for ground that a box is enough for. */
const box = z
  .strictObject({
    kind: z.literal('box'),
    box: z.tuple([
      z.number().min(-180).max(180),
      z.number().min(-90).max(90),
      z.number().min(-180).max(180),
      z.number().min(-90).max(90),
    ]),
  })
  .refine(({ box: [west, south, east, north] }) => west < east && south < north, {
    message: 'must be west, south, east, north',
    path: ['box'],
  })
  .transform(({ box: [west, south, east, north] }): Area => {
    const corners: LonLat[] = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
    ]
    return { kind: 'polygon', ring: corners }
  })

/** A part of the network that some people alone may see and work on. */
export const region = z.strictObject({
  id: z.string().regex(/^[\w-]{1,50}$/, 'must be up to 50 letters, digits, "_" and "-"'),
  name: z.string().min(1).max(100),
  area: z.union([area, box]),
})
