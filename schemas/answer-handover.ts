import { z } from 'zod'
import { answerAct } from './answer-act.ts'
import { answerNotice } from './answer-notice.ts'
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
