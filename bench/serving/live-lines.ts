import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'

/**
 * An event of the city as a line that a feed sends, its times moved by `shiftMs`. The server has a clock of its own, and what
 * happened long before it weighs nothing.
 */
export function lineOf({ type, occurredAt, data, meta }: Event, shiftMs: number): string {
  const moved = JSON.stringify({ type, source: meta.source, occurredAt, data })
  return moved.replace(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/g, (_, instant: string) =>
    JSON.stringify(toInstant(Date.parse(instant) + shiftMs)),
  )
}

/** The line of an alarm event as of now. */
export function alarmNow(event: Event, nowMs: number): string {
  return JSON.stringify({
    type: event.type,
    source: event.meta.source,
    occurredAt: toInstant(nowMs),
    data: event.data,
  })
}

/** A complaint as an agent enters it, reported now; the trouble began as long before as in the city. */
export function complaintNow(event: Event & { readonly type: 'ComplaintReceived' }, nowMs: number): string {
  const { complaintId, customerRef, place, reportedAt, service, symptom, trouble } = event.data
  const sinceMs = Date.parse(reportedAt) - Date.parse(trouble.from ?? reportedAt)
  return JSON.stringify({
    id: complaintId,
    source: 'crm',
    customer: { account: customerRef },
    reportedAt: toInstant(nowMs),
    service,
    symptom,
    trouble: { from: toInstant(nowMs - sinceMs), uncertaintyMs: trouble.uncertaintyMs },
    place: {
      point: place?.location.point,
      uncertaintyMeters: place?.uncertaintyMeters,
      source: place?.source,
    },
  })
}
