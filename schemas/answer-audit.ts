import { z } from 'zod'
import { eventTypes, type EventType } from './event.ts'
import { instant } from './instant.ts'

/** Somebody did or saw something. */
export const answerAudit = z
  .strictObject({
    eventId: z.string(),
    type: z.enum(eventTypes as [EventType, ...EventType[]]),
    at: instant.describe('When it was recorded'),
    actor: z.string(),
    source: z.string().describe('`audit`, or the system through which they acted'),
    about: z
      .array(z.strictObject({ kind: z.string(), id: z.string() }))
      .describe('All of it; where a thing was asked for, that one alone'),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'Of an access: route, fields, reason …; of an act: assignee, cause, until, into … cut short, without notes and words: those are in the story of what it is about',
      ),
  })
  .meta({ id: 'AuditEntry' })
