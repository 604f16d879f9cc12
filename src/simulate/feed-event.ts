import type { z } from 'zod'
import type { CauseRef } from '../../schemas/attribution.ts'
import type { ComplaintScope } from '../../schemas/complaint.ts'
import { eventId } from '../../schemas/event-id.ts'
import type { eventData, EventType } from '../../schemas/event.ts'
import type { LonLat } from '../../schemas/geo.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { TroubleKind } from './sim-params.ts'

/** What a sender writes of one type. */
export type SentData<T extends EventType> = z.input<(typeof eventData)[T]>

/** One line of `POST /v1/events`. */
export type FeedEvent<T extends EventType = EventType> = T extends EventType
  ? {
      readonly id: string
      readonly type: T
      readonly source: string
      readonly occurredAt: string
      readonly recordedAt: string
      readonly data: SentData<T>
    }
  : never

/** What really was the matter with one complaint. */
export interface ComplaintTruth {
  readonly complaintId: string
  readonly scope: ComplaintScope
  readonly trouble: TroubleKind
  /**
   * What an all-knowing reader of the events would name; `none` where no cause left a trace in them.
   * `id` is the sender's: `source/alarmId@raised` for alarms.
   */
  readonly cause: (CauseRef & { readonly elementId?: string }) | { readonly kind: 'none' }
  /** The cause behind the cause, where it left a trace; else the cause itself. */
  readonly root?: CauseRef
  /** Every trace of the same trouble on the way from the customer to its root: naming any of them is right. */
  readonly accepted: readonly CauseRef[]
  /** The trouble that this complaint shares with others, traced or not. */
  readonly outageId?: string
  /** The element that failed or the gap that nobody reported, where the events are silent about it. */
  readonly hidden?: string
  readonly point: LonLat
  readonly time: string
  readonly repeat?: true
}

export interface SimulatedEvent {
  readonly event: FeedEvent
  /** Of complaints only. */
  readonly truth?: ComplaintTruth
}

/** `notification` is the sender's own id of this message. Times are whole seconds, as feeds give them. */
export function feedEvent<T extends EventType>(
  type: T,
  source: string,
  occurredMs: number,
  recordedMs: number,
  notification: string,
  data: SentData<T>,
): FeedEvent<T> {
  // TypeScript cannot see that a distributive type of one type is that one member.
  return {
    id: eventId(source, type, notification),
    type,
    source,
    occurredAt: wholeSeconds(occurredMs),
    recordedAt: wholeSeconds(recordedMs),
    data,
  } as unknown as FeedEvent<T>
}

export function wholeSeconds(ms: number): string {
  return toInstant(Math.floor(ms / 1000) * 1000)
}

/** By arrival; equal arrivals by id. */
export function byArrival(a: SimulatedEvent, b: SimulatedEvent): number {
  if (a.event.recordedAt !== b.event.recordedAt) return a.event.recordedAt < b.event.recordedAt ? -1 : 1
  return a.event.id < b.event.id ? -1 : a.event.id > b.event.id ? 1 : 0
}
