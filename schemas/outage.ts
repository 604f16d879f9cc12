import { z } from 'zod'
import { causeRef } from './attribution.ts'
import { lonLat } from './geo.ts'
import { instant, instantInput } from './instant.ts'
import { service } from './service.ts'
import { identifier, label, prose } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

/** `watched`: repaired, and the clear has not yet held for the dwell. */
export const outageState = z.enum(['open', 'watched', 'restored'])
export type OutageState = z.infer<typeof outageState>

/** Everything explained by one root cause is one outage: the unit that people work on. */
export const outageOpened = z.strictObject({
  outageId: identifier,
  root: causeRef,
  title: z.string(),
  elementId: z.string().optional(),
  /** What opened it: a complaint that it explains, alarms that it explains, or a person's word. */
  because: z.enum(['complaint', 'alarms', 'declared']),
  state: outageState,
  /** Since when the root holds in the world. */
  since: instant,
  expectedEnd: instant.optional(),
  network: z.string().optional(),
  services: z.array(service),
  /** Where to show it; the root element's position or the middle of what it serves. */
  point: lonLat.optional(),
  /** West, south, east, north of what it serves. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  subscribers: z.int().optional(),
  /** What it was taken for a part of until now. */
  splitFrom: z.string().optional(),
})
export type OutageOpened = z.infer<typeof outageOpened>

export const outageChanged = z.strictObject({
  outageId: identifier,
  /** A deeper root was found: the same trouble, better known. */
  root: causeRef.optional(),
  title: z.string().optional(),
  elementId: z.string().optional(),
  state: outageState.optional(),
  expectedEnd: instant.optional(),
  /** Outages that turned out to be this one; each ends as `merged`. */
  absorbed: z.array(z.string()).optional(),
  services: z.array(service).optional(),
  point: lonLat.optional(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
  subscribers: z.int().optional(),
})
export type OutageChanged = z.infer<typeof outageChanged>

export const outageEnded = z.strictObject({
  outageId: identifier,
  reason: z.enum(['restored', 'merged', 'no-longer-explains', 'withdrawn', 'rejected']),
  into: z.string().optional(),
})
export type OutageEnded = z.infer<typeof outageEnded>

export const outageAcknowledged = z.strictObject({ outageId: identifier, note: prose.optional() })
export type OutageAcknowledged = z.infer<typeof outageAcknowledged>

export const outageAssigned = z.strictObject({
  outageId: identifier,
  assignee: label,
  note: prose.optional(),
})
export type OutageAssigned = z.infer<typeof outageAssigned>

/** A person's word on an outage's cause: it binds every complaint of the outage, those that are yet to come too. */
export const outageVerdict = z.strictObject({
  outageId: identifier,
  cause: causeRef,
  note: prose.optional(),
})
export type OutageVerdict = z.infer<typeof outageVerdict>

/** People say that it is one with another, of which it becomes part; the engine's merges and splits do not undo that. */
export const outageMergedByHand = z.strictObject({
  outageId: identifier,
  into: identifier,
  reason: prose.optional(),
})
export type OutageMergedByHand = z.infer<typeof outageMergedByHand>

/** What the customers of an outage are told while it lasts, instead of the ruleset's words. */
export const outageWorded = z.strictObject({
  outageId: identifier,
  words: z.strictObject({ zh: prose.min(1), en: prose.min(1) }),
  /** Left out: until the expected end has passed, or the outage is repaired. */
  until: instantInput.optional(),
  note: prose.optional(),
})
export type OutageWorded = z.infer<typeof outageWorded>

/** A person's estimate of when it will be over. */
export const endEstimated = z.strictObject({
  about: z.strictObject({ kind: z.enum(['outage', 'cutover', 'advisory', 'element']), id: identifier }),
  expectedEnd: instantInput,
  note: prose.optional(),
})
export type EndEstimated = z.infer<typeof endEstimated>

/** Inferred from complaints alone: no alarm ever came (a sleeping cell). */
export const outageSuspected = z.strictObject({
  suspicionId: identifier,
  elementId: identifier,
  probability: z.number(),
  complaintIds: z.array(z.string()).max(1000),
})
export type OutageSuspected = z.infer<typeof outageSuspected>

export const suspicionResolved = z.strictObject({
  suspicionId: identifier,
  outcome: z.enum(['confirmed', 'dismissed', 'faded']),
  note: prose.optional(),
})
export type SuspicionResolved = z.infer<typeof suspicionResolved>
