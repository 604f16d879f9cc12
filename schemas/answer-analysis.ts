import { z } from 'zod'
import { answerAct } from './answer-act.ts'
import { answerAlarmInShort } from './answer-alarm.ts'
import { answerCutover } from './answer-cutover.ts'
import { answerAdvisory, answerGap } from './answer-published.ts'
import { causeRef } from './attribution.ts'
import { elementRegistered } from './element.ts'
import { lonLat } from './geo.ts'
import { instant } from './instant.ts'

/** The network in an area over a period. */
export const answerAnalysedNetwork = z
  .strictObject({
    elements: z.array(
      z.strictObject({
        elementId: z.string(),
        name: z.string(),
        kind: elementRegistered.shape.kind,
        point: lonLat,
        alarms: z.array(answerAlarmInShort).describe('Those that stood in the period'),
      }),
    ),
    cutovers: z.array(answerCutover),
    gaps: z.array(answerGap),
    advisories: z.array(answerAdvisory),
    complete: z.boolean().describe('False where a named limit cut the search'),
  })
  .meta({ id: 'AnalysedNetwork' })

/** Complaints that were given one cause by one act. */
export const answerCauseBatch = z
  .strictObject({
    batchId: z.string(),
    cause: causeRef,
    note: z.string().optional(),
    occurredAt: instant,
    recordedAt: instant,
    actor: z.string(),
    complaints: z.int(),
    undone: z.int().describe('How many of them were taken back'),
  })
  .meta({ id: 'CauseBatch' })

export const answerCauseBatchMember = z.strictObject({
  complaintId: z.string(),
  eventId: z.string().describe('The confirmation; it can be taken back alone, too'),
  undone: answerAct.optional(),
})

/** What became of the act: `changed` counts complaints that were given the cause, or lost it again. */
export const answerBatchActed = z.strictObject({ batchId: z.string(), cause: causeRef, changed: z.int() })
export type AnswerBatchActed = z.infer<typeof answerBatchActed>
