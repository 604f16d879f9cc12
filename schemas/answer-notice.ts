import { z } from 'zod'
import { answerAct } from './answer-act.ts'
import { silenceReason } from './feed.ts'
import { lonLat } from './geo.ts'
import { instant } from './instant.ts'
import { service } from './service.ts'

const mute = answerAct.extend({ reason: z.string(), until: instant })

const outageInRow = z.strictObject({
  id: z.string(),
  title: z.string().optional(),
  state: z.enum(['suspected', 'open', 'watched', 'restored']),
  acknowledged: z.boolean(),
  owner: z.string().optional(),
  muted: mute.optional(),
})

/** A row of the list that network operations watches. */
export const answerNotice = z
  .strictObject({
    kind: z.enum(['outage', 'cluster', 'feed']),
    id: z.string(),
    state: z
      .enum(['suspected', 'open', 'watched', 'restored'])
      .describe(
        'suspected: a cluster that nothing explains; watched: repaired, and the clear has not held yet',
      ),
    since: instant,
    title: z.string().optional(),
    family: z.string().optional().describe('Of a cluster: what is complained of'),
    reason: silenceReason.optional().describe('Of a feed: why nothing that it tells can be relied on'),
    services: z.array(service).optional(),
    network: z.string().optional(),
    point: lonLat.optional(),
    box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
    complaints: z.int().describe('Of a cluster: those that nothing explains'),
    customers: z.int(),
    growth: z.int().describe('Customers more than `growthMs` ago'),
    subscribers: z.int().optional(),
    points: z.number().describe('What it is ranked by'),
    acknowledged: z.boolean().describe('Each outage of the row is'),
    owner: z
      .string()
      .optional()
      .describe('Of each outage of the row; whose they are otherwise, `together` tells'),
    expectedEnd: instant.optional(),
    overdue: z.literal(true).optional().describe('Its stated end has passed, and it is not over'),
    together: z
      .array(outageInRow)
      .optional()
      .describe(
        'Where the row is of several outages, all of them: they began together under one element, and no alarm says why',
      ),
    muted: mute.optional().describe('Each outage of the row is; this mute ends first'),
  })
  .meta({ id: 'Notice' })

/** What ranks the rows: customers, growth, subscribers and age, each with its points. */
export const answerRanking = z
  .record(z.string(), z.number())
  .describe(
    '(customers × customerPoints + growth × growthPoints + subscribers × subscriberPoints + feedPoints of a silent feed + min(age in hours, maxAgeHours) × hourPoints) × overShare where watched or restored',
  )
