import { z } from 'zod'
import { alarmCleared, alarmRaised } from './alarm.ts'
import { answerAct } from './answer-act.ts'
import { causeRef, chainLink } from './attribution.ts'
import { instant } from './instant.ts'

const kind = {
  alarmType: alarmRaised.shape.alarmType.unwrap(),
  probableCause: z.string(),
  specificProblem: z.string().optional(),
  perceivedSeverity: alarmRaised.shape.perceivedSeverity.unwrap(),
}

/** An alarm in short, as its element shows it. */
export const answerAlarmInShort = z.strictObject({
  ...kind,
  source: z.string(),
  alarmId: z.string(),
  raisedAt: instant,
  clearedAt: instant.optional(),
})

/** An alarm's newest occurrence, and what it hangs on. */
export const answerAlarm = z
  .strictObject({
    ...alarmRaised.shape,
    ...kind,
    source: z.string(),
    occurrence: z.int().describe('1 for the first; raised again after a clear it is a new one'),
    raisedAt: instant,
    recordedAt: instant,
    changedAt: instant.optional(),
    cleared: z.strictObject({ at: instant, reason: alarmCleared.shape.reason.unwrap() }).optional(),
    backfilled: z.literal(true).optional(),
    acknowledged: z.array(answerAct).optional(),
    shelved: answerAct.extend({ until: instant.optional() }).optional(),
    correlation: z
      .strictObject({
        alarm: causeRef,
        elementId: z.string(),
        root: causeRef,
        relation: chainLink.shape.relation.optional(),
        outageId: z.string().optional(),
        at: instant,
      })
      .optional()
      .describe('It is a consequence of this root'),
  })
  .meta({ id: 'Alarm' })

/** A kind of alarm as its senders name it, with the first that was of it. */
export const answerAlarmKind = z.strictObject({
  ...kind,
  serviceAffecting: z.boolean().optional(),
  firstAt: instant,
  source: z.string(),
  alarmId: z.string(),
  elementId: z.string(),
})
