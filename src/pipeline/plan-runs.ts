import type { Event } from '../../schemas/event.ts'
import { jsonBytes } from '../event-log/json-bytes.ts'

/** Events of one stream that are appended together. */
export interface Run {
  readonly stream: string
  readonly events: readonly Event[]
  /** Where in the call each of them stood. */
  readonly places: readonly number[]
}

/** What one append may hold. */
export interface RunRoom {
  readonly maxEvents: number
  /** As JSON; left out where the log has no such limit, and then nothing is measured. */
  readonly maxBytes?: number | undefined
}

interface OpenRun extends Run {
  readonly events: Event[]
  readonly places: number[]
  readonly ids: Set<string>
  readonly ordinal: number
  bytes: number
}

/**
 * Divides a call into appends of one stream each. An event joins an earlier append of its stream only where that does not
 * move it ahead of one recorded before it: the engine's time is the running maximum of `recordedAt`, and one event ahead
 * of its time would make all those behind it late. An id that comes twice goes into a later append, where the log judges it.
 */
export function planRuns(
  events: readonly Event[],
  streamOf: (event: Event) => string,
  { maxEvents, maxBytes }: RunRoom,
): readonly Run[] {
  const runs: OpenRun[] = []
  const latestOf = new Map<string, OpenRun>()
  let firstJoinable = 0
  let previous = ''
  events.forEach((event, place) => {
    // Whatever may still be joined holds nothing recorded before this event, or lies last.
    if (event.recordedAt > previous) firstJoinable = Math.max(0, runs.length - 1)
    previous = event.recordedAt
    const stream = streamOf(event)
    const open = latestOf.get(stream)
    const bytes = maxBytes === undefined ? 0 : jsonBytes(event)
    const joins =
      open !== undefined &&
      open.ordinal >= firstJoinable &&
      open.events.length < maxEvents &&
      (maxBytes === undefined || open.bytes + bytes <= maxBytes) &&
      !open.ids.has(event.id)
    const run = joins
      ? open
      : { stream, events: [], places: [], ids: new Set<string>(), ordinal: runs.length, bytes: 0 }
    if (!joins) {
      runs.push(run)
      latestOf.set(stream, run)
    }
    run.events.push(event)
    run.bytes += bytes
    run.places.push(place)
    run.ids.add(event.id)
  })
  return runs
}

/**
 * Divides runs into groups that must follow one another where the log does not keep the order of calls: within a group all
 * were recorded at one moment.
 */
export function byMoment(runs: readonly Run[]): readonly (readonly Run[])[] {
  const groups: Run[][] = []
  let latest = ''
  for (const run of runs) {
    const [first] = run.events
    const group = groups.at(-1)
    if (group === undefined || (first !== undefined && first.recordedAt > latest)) groups.push([run])
    else group.push(run)
    latest = run.events.at(-1)?.recordedAt ?? latest
  }
  return groups
}
