import { z } from 'zod'
import { causeRef } from './attribution.ts'
import { area } from './geo.ts'
import { instantInput } from './instant.ts'
import { bilingual, identifier, label, prose } from './text.ts'

/** The longest period that one analysis looks at. */
export const maxAnalysisDays = 31
/** The most complaints that one act gives a cause. */
export const maxBatchComplaints = 1_000

const degreesEast = z.number().min(-180).max(180)
const degreesNorth = z.number().min(-90).max(90)

/** A box of west, south, east, north in degrees, or a polygon or circle as everywhere else. */
const analysisArea = z.union([
  z.strictObject({
    kind: z.literal('box'),
    box: z
      .tuple([degreesEast, degreesNorth, degreesEast, degreesNorth])
      .refine(
        ([west, south, east, north]) => west <= east && south <= north,
        'must be west, south, east, north',
      ),
  }),
  area,
])
export type AnalysisArea = z.infer<typeof analysisArea>

/** What to look at: where, and from when (inclusive) to when (exclusive). */
export const analysisFields = {
  area: analysisArea,
  from: instantInput,
  to: instantInput,
}

/** One cause for many complaints: one that is known, or one that is typed and is then known as an advisory. */
export const commandCauseBatch = z
  .strictObject({
    batchId: identifier.optional().describe('Sent again with it, it is the same act'),
    complaintIds: z.array(identifier).min(1).max(maxBatchComplaints),
    cause: causeRef.optional(),
    typed: z
      .strictObject({
        title: label,
        advisoryType: label.default('cause found by analysis'),
        words: bilingual.optional(),
      })
      .optional(),
    note: prose.optional(),
  })
  .refine(({ cause, typed }) => (cause === undefined) !== (typed === undefined), {
    message: 'needs either cause or typed',
    path: ['cause'],
  })
export type CommandCauseBatch = z.infer<typeof commandCauseBatch>
