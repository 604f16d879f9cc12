import { z } from 'zod'
import { estimateAct } from './answer-act.ts'
import { cutoverFinished, cutoverPlanned } from './cutover.ts'
import { storedArea } from './answer-geo.ts'
import { instant } from './instant.ts'

/** Planned work as it stands. */
export const answerCutover = z
  .strictObject({
    cutoverId: z.string(),
    status: z.enum(['planned', 'started', 'finished', 'cancelled']),
    plan: z
      .strictObject({
        ...cutoverPlanned.shape,
        area: storedArea.optional(),
        plannedStart: instant,
        plannedEnd: instant,
      })
      .optional()
      .describe('With the window as last rescheduled; absent while only a step of it was reported'),
    source: z.string(),
    startedAt: instant.optional(),
    finishedAt: instant.optional(),
    outcome: cutoverFinished.shape.outcome.unwrap().optional(),
    cancelledAt: instant.optional(),
    rescheduled: z.int().describe('How often'),
    estimates: z.array(estimateAct).optional(),
  })
  .meta({ id: 'Cutover' })
