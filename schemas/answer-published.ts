import { z } from 'zod'
import { advisoryPublished } from './advisory.ts'
import { answerAct, estimateAct } from './answer-act.ts'
import { storedArea } from './answer-geo.ts'
import { coverageGapReported } from './coverage-gap.ts'
import { instant } from './instant.ts'

/** A blind spot or weak-signal area as it stands. */
export const answerGap = z
  .strictObject({
    gapId: z.string(),
    status: z.enum(['open', 'closed']),
    facts: coverageGapReported.extend({
      area: storedArea,
      since: instant.optional(),
      remedy: coverageGapReported.shape.remedy.unwrap().extend({ expectedAt: instant.optional() }).optional(),
    }),
    source: z.string(),
    reportedAt: instant,
    closedAt: instant.optional(),
  })
  .meta({ id: 'Gap' })

/** Hand-published information as it stands. */
export const answerAdvisory = z
  .strictObject({
    advisoryId: z.string(),
    status: z.enum(['published', 'withdrawn']),
    facts: advisoryPublished.extend({
      area: storedArea.optional(),
      from: instant.optional(),
      to: instant.optional(),
      outage: advisoryPublished.shape.outage.unwrap().extend({ expectedEnd: instant.optional() }).optional(),
    }),
    source: z.string(),
    actor: z.string(),
    since: instant,
    withdrawnAt: instant.optional(),
    estimates: z.array(estimateAct).optional(),
  })
  .meta({ id: 'Advisory' })

/** A place where unexplained complaints keep coming back. */
export const answerGapCandidate = z.strictObject({
  candidateId: z.string(),
  area: storedArea,
  complaintIds: z.array(z.string()),
  status: z.enum(['found', 'accepted', 'dismissed']),
  foundAt: instant,
  act: answerAct.extend({ gapId: z.string().optional() }).optional(),
})
