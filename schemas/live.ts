import { z } from 'zod'
import { band, causeRef, causeState } from './attribution.ts'
import { silenceReason } from './feed.ts'
import { lonLat } from './geo.ts'
import { instant } from './instant.ts'
import { orderStatus } from './answer-order.ts'
import { orderAbout, orderResolved, orderReturned } from './order.ts'
import { outageState } from './outage.ts'
import { service, symptom } from './service.ts'
import { perceivedSeverity } from './alarm.ts'
import { bilingual } from './text.ts'

/** Who did something, and when the log took it. */
const act = z.strictObject({ at: instant, actor: z.string() })

/** What people did with it: nothing of it has to be asked for. */
const desk = {
  acknowledged: z.boolean(),
  assignee: z.string().optional(),
  /** Said and not taken off; it is out of the list until `until` comes. */
  muted: act.extend({ reason: z.string(), until: instant }).optional(),
  /** The newest; a long one is cut. */
  note: act.extend({ text: z.string() }).optional(),
  order: z
    .strictObject({
      orderId: z.string(),
      status: orderStatus,
      externalId: z.string().optional(),
      assignee: z.string().optional(),
      expectedEnd: instant.optional(),
    })
    .optional(),
}

/** Each message says how its entity stands now, so the latest one of an entity replaces those before it. */
const liveOutage = z.strictObject({
  type: z.literal('outage'),
  outageId: z.string(),
  status: z.enum(['open', 'ended']),
  state: outageState,
  title: z.string(),
  root: causeRef,
  elementId: z.string().optional(),
  since: instant,
  expectedEnd: instant.optional(),
  point: lonLat.optional(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  complaints: z.int(),
  customers: z.int(),
  elements: z.int(),
  alarms: z.int(),
  ...desk,
  verdict: z.enum(['confirmed', 'rejected']).optional(),
  /** What its customers are told instead of the ruleset's words. */
  worded: act.extend({ words: bilingual, until: instant.optional() }).optional(),
  mergedInto: z.string().optional(),
})

const liveCluster = z.strictObject({
  type: z.literal('cluster'),
  clusterId: z.string(),
  status: z.enum(['open', 'closed']),
  family: z.string(),
  network: z.string().optional(),
  service: service.optional(),
  center: lonLat,
  openedAt: instant,
  complaints: z.int(),
  customers: z.int(),
  ...desk,
  mergedInto: z.string().optional(),
})

const liveOrder = z.strictObject({
  type: z.literal('order'),
  orderId: z.string(),
  status: orderStatus,
  title: z.string(),
  about: z.array(orderAbout),
  point: lonLat.optional(),
  openedAt: instant,
  round: z.int(),
  externalId: z.string().optional(),
  assignee: z.string().optional(),
  expectedEnd: instant.optional(),
  complaints: z.int(),
  customers: z.int(),
  resolved: act.extend(orderResolved.pick({ resolution: true, cause: true }).shape).optional(),
  returned: act.extend(orderReturned.pick({ reason: true }).shape).optional(),
})

/** Holds nothing of the person: no reference, no name of a place, and the point only to about a hundred metres. */
const liveComplaint = z.strictObject({
  type: z.literal('complaint'),
  complaintId: z.string(),
  status: z.enum(['open', 'answered', 'dispatched', 'resolved', 'withdrawn']),
  reportedAt: instant,
  service: service.optional(),
  network: z.string().optional(),
  symptom: symptom.optional(),
  point: lonLat.optional(),
  verdict: z.enum(['explained', 'unexplained', 'notNetwork', 'customerSide']).optional(),
  root: causeRef.optional(),
  band: band.optional(),
  state: causeState.optional(),
  outageId: z.string().optional(),
  clusterId: z.string().optional(),
  repeatOf: z.string().optional(),
  notes: z.int(),
})

const liveElement = z.strictObject({
  type: z.literal('element'),
  elementId: z.string(),
  name: z.string().optional(),
  point: lonLat.optional(),
  alarms: z.int(),
  worst: perceivedSeverity.optional(),
  lastClearedAt: instant.optional(),
})

const liveFeedState = z.strictObject({
  type: z.literal('feed'),
  source: z.string(),
  recordedAt: instant,
  occurredAt: instant,
  lagMs: z.number(),
  silent: z
    .strictObject({
      since: instant,
      reason: silenceReason,
      acknowledged: z.boolean(),
      muted: desk.muted,
    })
    .optional()
    .describe('Nothing that it tells can be relied on'),
})

/** Forget all that was said before: a snapshot follows. */
const liveReset = z.strictObject({ type: z.literal('reset') })

/** What the live feed says. `id` of the stream is a log position: `Last-Event-ID` resumes behind it. */
export const liveMessage = z.discriminatedUnion('type', [
  liveOutage,
  liveCluster,
  liveComplaint,
  liveOrder,
  liveElement,
  liveFeedState,
  liveReset,
])
export type LiveMessage = z.infer<typeof liveMessage>

/** What a client may ask to be told of; a reset it is always told. */
export const liveTopic = z.enum(['outage', 'cluster', 'order', 'complaint', 'element', 'feed'])
export type LiveTopic = z.infer<typeof liveTopic>

/** Whom a message is about: of two with the same key only the later need be sent. */
export function liveKey(message: LiveMessage): string {
  switch (message.type) {
    case 'outage':
      return `outage ${message.outageId}`
    case 'cluster':
      return `cluster ${message.clusterId}`
    case 'order':
      return `order ${message.orderId}`
    case 'complaint':
      return `complaint ${message.complaintId}`
    case 'element':
      return `element ${message.elementId}`
    case 'feed':
      return `feed ${message.source}`
    case 'reset':
      return 'reset'
  }
}
