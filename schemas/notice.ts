import { z } from 'zod'
import { instantInput } from './instant.ts'
import { identifier, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** What stands as a row in the list that network operations watches. */
const noticeAbout = z.strictObject({ kind: z.enum(['outage', 'cluster', 'feed']), id: identifier })

/** Nobody need look at it for a while: it leaves the list until then, and everything else goes on. */
export const noticeMuted = z.strictObject({
  about: noticeAbout,
  reason: prose.min(1),
  until: instantInput,
})

/** It is back before the mute was to end. */
export const noticeUnmuted = z.strictObject({ about: noticeAbout, note: prose.optional() })
