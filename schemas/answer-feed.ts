import { z } from 'zod'
import { alarmRaised } from './alarm.ts'
import { answerPull } from './feed-pull.ts'
import { silenceReason } from './feed.ts'
import { elementKind } from './element.ts'
import { instant } from './instant.ts'

const seen = { count: z.int(), firstAt: instant, lastAt: instant }
const example = z.strictObject({ alarmId: z.string(), elementId: z.string() })

/** What of a source is to be mapped: a kind of alarm for the ruleset, or an element for the inventory. */
export const answerUnmapped = z
  .discriminatedUnion('what', [
    z.strictObject({
      what: z.literal('kind'),
      alarmType: alarmRaised.shape.alarmType.unwrap(),
      probableCause: z.string(),
      specificProblem: z.string().optional(),
      severities: z.array(alarmRaised.shape.perceivedSeverity.unwrap()),
      elementKinds: z.array(elementKind),
      ...seen,
      example,
    }),
    z.strictObject({ what: z.literal('element'), elementId: z.string(), ...seen, example }),
    z
      .strictObject({ what: z.enum(['more-kinds', 'more-elements']), ...seen })
      .describe('What came beyond the kinds or elements that are kept of a source, mapped or not'),
  ])
  .meta({ id: 'Unmapped' })
export type AnswerUnmapped = z.infer<typeof answerUnmapped>

/** Who sends, how current it is, and what of it could not be used. */
export const answerFeed = z
  .strictObject({
    source: z.string(),
    stale: z.boolean(),
    reason: silenceReason.optional(),
    staleSince: instant.optional(),
    goodUntil: instant.optional().describe('Of a stale one: up to when it was heard in time'),
    expected: z
      .strictObject({ heartbeatMs: z.int(), maxLagMs: z.int() })
      .optional()
      .describe('Absent where the configuration does not list it: it is never stale'),
    heardAt: instant.optional(),
    heartbeatAt: instant
      .optional()
      .describe('Its last heartbeat or pull that went well, since this process started'),
    dataAsOf: instant.optional(),
    newest: z
      .strictObject({ type: z.string(), occurredAt: instant, recordedAt: instant, lagMs: z.number() })
      .optional(),
    counts: z
      .strictObject({
        total: z.int(),
        today: z.int().describe("Recorded since midnight in the ruleset's time zone"),
        lastHour: z.int(),
        byType: z.record(z.string(), z.int()),
      })
      .optional()
      .describe('Of the whole network: absent, as `refused` and `unmapped`, for callers of some regions'),
    refused: z.strictObject({ kept: z.int(), link: z.string() }).optional(),
    unmapped: z
      .strictObject({
        kinds: z.int(),
        alarms: z.int().describe('Raised of these kinds'),
        elements: z.int(),
        link: z.string(),
      })
      .optional(),
    silence: z
      .strictObject({ since: instant, reason: silenceReason, acknowledged: z.boolean() })
      .optional()
      .describe('As it was recorded, and stands in /v1/noc'),
    pulls: z.array(answerPull.partial({ rows: true, items: true, refused: true })),
  })
  .meta({ id: 'Feed' })
