import type { Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'

export interface TimeFault {
  /** JSON pointer into the event. */
  readonly pointer: string
  readonly detail: string
}

/**
 * What an event says to have happened after now: a broken clock somewhere, and refused. Planned times are of the future
 * by nature and are not looked at.
 */
export function timeFaults(event: Event, nowMs: number, maxFutureMs: number): TimeFault[] {
  return [...happenedTimes(event)]
    .filter(([, time]) => time !== undefined && toMs(time) > nowMs + maxFutureMs)
    .map(([pointer, time]) => ({ pointer, detail: `lies in the future: ${time}` }))
}

function happenedTimes(event: Event): [string, string | undefined][] {
  const times: [string, string | undefined][] = [['/occurredAt', event.occurredAt]]
  if (event.type === 'ComplaintReceived') {
    times.push(['/data/reportedAt', event.data.reportedAt], ['/data/trouble/from', event.data.trouble.from])
  } else if (event.type === 'ComplaintAmended') {
    times.push(['/data/set/trouble/from', event.data.set.trouble?.from])
  } else if (event.type === 'CustomersSilentReported') {
    event.data.customers.forEach(({ silentSince }, at) =>
      times.push([`/data/customers/${at}/silentSince`, silentSince]),
    )
  }
  return times
}
