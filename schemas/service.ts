import { z } from 'zod'

/** What the customer pays for. */
export const service = z.enum(['mobile', 'broadband', 'fixed-voice', 'tv'])
export type Service = z.infer<typeof service>

/** What the customer suffers. */
export const symptom = z.enum([
  'no-signal',
  'weak-signal',
  'dropped-calls',
  'cannot-connect',
  'slow-data',
  'no-data',
  'sms',
  'voice-quality',
  'no-internet',
  'no-dial-tone',
  'tv',
  'other',
])
export type Symptom = z.infer<typeof symptom>
