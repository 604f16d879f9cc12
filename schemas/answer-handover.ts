import { z } from 'zod'
import { answerAct } from './answer-act.ts'
import { answerCluster } from './answer-cluster.ts'
import { answerNotice } from './answer-notice.ts'
import { answerOrder } from './answer-order.ts'
import { causeRef } from './attribution.ts'
import { silenceReason } from './feed.ts'
import { instant } from './instant.ts'
import { outageEnded } from './outage.ts'

const outageInShort = z.strictObject({
  outageId: z.string(),
  title: z.string(),
  stage: z.enum(['open', 'watched', 'restored', 'ended']),
  since: instant,
  openedAt: instant,
  ended: z.strictObject({ at: instant, reason: outageEnded.shape.reason }).optional(),
  complaints: z.int(),
  customers: z.int(),
  owner: z.string().optional(),
  expectedEnd: instant.optional(),
})
export type OutageInShort = z.infer<typeof outageInShort>

const orderOfShift = answerOrder
  .pick({ orderId: true, status: true, title: true, openedAt: true, externalId: true, assignee: true })
  .extend({
    ...answerOrder.pick({ complaints: true, customers: true }).shape,
    resolved: answerOrder.shape.resolved,
  })
export type OrderOfShift = z.infer<typeof orderOfShift>

const clusterOfShift = answerCluster
  .pick({ clusterId: true, family: true, openedAt: true, closed: true, complaints: true, customers: true })
  .extend({ unexplained: z.int().describe('Customers whom nothing explained'), owner: z.string().optional() })
export type ClusterOfShift = z.infer<typeof clusterOfShift>

/** What one shift hands to the next. */
export const answerHandover = z
  .strictObject({
    since: instant,
    until: instant,
    opened: z.array(outageInShort),
    closed: z.array(outageInShort),
    stillOpen: z
      .array(answerNotice)
      .describe('Outages and unexplained clusters, as they are ranked in /v1/noc, muted ones too'),
    promisesMissed: z
      .array(
        z.strictObject({
          outageId: z.string(),
          title: z.string(),
          promised: instant,
          by: z.string().optional(),
          statedAt: instant.optional(),
          repairedAt: instant.optional(),
        }),
      )
      .describe('Ends that were stated, passed in the shift, and were not kept'),
    promisesBroken: z
      .array(
        z.strictObject({
          promised: instant,
          outageId: z.string().optional(),
          title: z.string().optional(),
          repairedAt: instant.optional(),
          complaints: z.int(),
          complaintIds: z.array(z.string()).describe('The first of them'),
        }),
      )
      .describe(
        'Ends that customers were told, passed in the shift while their trouble went on; of one outage and end together',
      ),
    clustersClosed: z.array(clusterOfShift),
    ordersOpened: z.array(orderOfShift),
    ordersResolved: z.array(orderOfShift),
    ordersDead: z
      .array(
        z.strictObject({
          system: z.string(),
          orderId: z.string(),
          type: z.string(),
          reason: z.string(),
          at: instant,
        }),
      )
      .describe('What order systems did not take, by the end of the shift, and waits to be sent again'),
    feedsDown: z
      .array(
        z.strictObject({
          source: z.string(),
          reason: silenceReason,
          from: instant.describe('Up to when it was heard in time'),
          to: instant.optional().describe('Absent where it is silent still'),
        }),
      )
      .describe('Sources that were silent in the shift, or still are'),
    rejected: z.array(
      answerAct.extend({
        about: z.strictObject({ kind: z.enum(['outage', 'complaint']), id: z.string() }),
        cause: causeRef,
        note: z.string().optional(),
      }),
    ),
    notes: z.array(
      answerAct.extend({ about: z.strictObject({ kind: z.string(), id: z.string() }), text: z.string() }),
    ),
    complete: z.boolean().describe('False where there was more of something than one answer takes'),
  })
  .meta({ id: 'Handover' })
