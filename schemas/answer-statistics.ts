import { z } from 'zod'
import { bilingual } from './text.ts'

const day = z.iso.date()
const noBase = z.literal('no base').describe('There is nothing to divide by or to compare with')
const orNoBase = z.union([z.number(), noBase])
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]).describe('West, south, east, north')

/** What figures are told by. */
export const groupedBy = z.enum(['day', 'week', 'area', 'cause', 'symptom', 'service', 'network'])

const figure = z.strictObject({ value: orNoBase, n: z.int(), base: orNoBase }).meta({
  id: 'Figure',
  description: '`value` is told of `n` out of `base`, as `definitions` says',
})

const counted = z
  .strictObject({
    n: z.int(),
    perTenThousand: figure,
    yearBefore: z.strictObject({ n: orNoBase, changePercent: orNoBase }),
  })
  .meta({
    id: 'CountedFigure',
    description: 'How many, for how many subscribers, and against the year before',
  })

const figureGroup = z
  .strictObject({
    key: z.string().describe('Day, Monday of the week, cell of the grid, or name'),
    box: box.optional().describe('Of an area'),
    complaints: counted,
    outages: counted.optional().describe('Not by symptom: outages have none'),
    firstContactResolution: figure,
    repeats: figure,
    timeToCauseMs: figure.extend({
      betweenMs: z
        .tuple([z.number(), z.number()])
        .optional()
        .describe('The median lies from the first to below the second'),
    }),
    statedEndsKept: figure,
    callbacks: figure,
  })
  .meta({ id: 'FigureGroup' })

/** What each figure means, as people read it. */
export const figureDefinitions = z.strictObject({
  complaints: bilingual,
  outages: bilingual,
  perTenThousand: bilingual,
  yearBefore: bilingual,
  firstContactResolution: bilingual,
  repeats: bilingual,
  timeToCauseMs: bilingual,
  statedEndsKept: bilingual,
  callbacks: bilingual,
})
export type FigureDefinitions = z.infer<typeof figureDefinitions>

/** The figures of a period, as a whole and by groups. */
export const answerStatistics = z.strictObject({
  from: day,
  to: day,
  timeZone: z.string().describe('Days are those of this zone'),
  by: groupedBy,
  total: figureGroup,
  items: z.array(figureGroup),
  complete: z.boolean().describe('False where there were more groups than one answer holds'),
  definitions: figureDefinitions,
})

const byWhere = z.strictObject({ indoor: z.int(), outdoor: z.int(), unknown: z.int() })

/** Complaints that nothing or only a gap explains, by place: GeoJSON (RFC 7946). */
export const answerGround = z.strictObject({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.strictObject({
      type: z.literal('Feature'),
      id: z.string().describe('Name of the cell'),
      geometry: z.strictObject({
        type: z.literal('Polygon'),
        coordinates: z.array(z.array(z.tuple([z.number(), z.number()]))),
      }),
      properties: z.strictObject({
        count: z.int(),
        unexplained: byWhere,
        gap: byWhere,
        previous: z.int().describe('In as many days just before'),
        trend: z
          .enum(['rising', 'steady', 'falling'])
          .describe('Steady: the two counts lie within two standard deviations of their difference'),
      }),
    }),
  ),
  from: day,
  to: day,
  timeZone: z.string(),
  complete: z.boolean().describe('False where there were more cells than one answer holds'),
})
