import { z } from 'zod'
import { answerAct, answerMerge } from './answer-act.ts'
import { answerThen } from './answer-at.ts'
import { clusterClosed, clusterOpened } from './cluster.ts'
import { answerOrderInShort } from './answer-order.ts'
import { instant } from './instant.ts'

/** A cluster as it stands, with all that became part of it. */
export const answerCluster = clusterOpened
  .omit({ complaintIds: true })
  .extend({
    status: z.enum(['open', 'closed']),
    openedAt: instant,
    since: instant.optional().describe('The first report of those that it was opened for'),
    backfilled: z.literal(true).optional().describe('It is of complaints loaded from history'),
    closed: z.strictObject({ at: instant, reason: clusterClosed.shape.reason.unwrap() }).optional(),
    splitFrom: z.strictObject({ clusterId: z.string(), eventId: z.string() }).optional(),
    mergedInto: answerMerge.optional(),
    acknowledged: z.array(answerAct).optional(),
    assigned: z.array(answerAct.extend({ assignee: z.string() })).optional(),
    absorbed: z.array(answerMerge).optional(),
    complaints: z.int(),
    customers: z.int(),
    order: answerOrderInShort.optional(),
    parts: z.array(z.string()).describe('The ids under which its members are listed'),
    at: answerThen.optional().describe('How it stood at the moment of the world that was asked for'),
  })
  .meta({ id: 'Cluster' })
