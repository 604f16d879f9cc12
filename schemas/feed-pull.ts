import { z } from 'zod'
import { instant, instantInput } from './instant.ts'
import { label } from './text.ts'

/** What a puller draws. */
export const pullKinds = ['alarms', 'inventory', 'links', 'cutovers', 'complaints', 'gaps'] as const

const fields = {
  puller: label.max(100).describe('Its name in the configuration'),
  kind: z.enum(pullKinds),
  status: z.enum(['done', 'nothing-new', 'failed']),
  tookMs: z.int().min(0),
  rows: z.int().min(0).describe('Read'),
  items: z.int().min(0).describe('Stored: what was not known already'),
  refused: z.int().min(0),
  error: z.string().max(1_000).optional().describe('Why it failed, and what to do'),
  file: z.string().max(300).optional().describe('Of a folder: the last file that was read'),
}

/** What one pull came to, as the puller tells it. */
export const feedPull = z.strictObject({
  ...fields,
  startedAt: instantInput,
  nextAt: instantInput.optional(),
})
export type FeedPull = z.infer<typeof feedPull>

/** The last pull of one puller. */
export const answerPull = z.strictObject({
  ...fields,
  startedAt: instant,
  nextAt: instant.optional(),
  reportedAt: instant,
  failedInARow: z.int(),
})
export type AnswerPull = z.infer<typeof answerPull>
