import { z } from 'zod'
import { causeRef, causeState } from './attribution.ts'
import { instant } from './instant.ts'

/** Something in force that may explain trouble at a point. */
export const answerCause = z
  .strictObject({
    cause: causeRef,
    title: z.string(),
    state: causeState,
    from: instant.optional(),
    to: instant.optional(),
    elementId: z.string().optional(),
    distanceMeters: z.number().optional(),
    upstream: z.literal(true).optional().describe('Not on an element around, but on one that those hang on'),
  })
  .meta({ id: 'Cause' })
