import type { Event } from '../../schemas/event.ts'

/** Events of one stream that are appended together. */
export interface Run {
  readonly stream: string
  readonly events: readonly Event[]
  /** Where in the call each of them stood. */
  readonly places: readonly number[]
}

interface OpenRun extends Run {
  readonly events: Event[]
  readonly places: number[]
  readonly ids: Set<string>
  readonly ordinal: number
}

/**
 * Divides a call into appends of one stream each. An event joins an earlier append of its stream only where that does not
 * move it ahead of one recorded before it: the engine's time is the running maximum of `recordedAt`, and one event ahead
 * of its time would make all those behind it late. An id that comes twice goes into a later append, where the log judges it.
 */
export function planRuns(
  events: readonly Event[],
  streamOf: (event: Event) => string,
  maxEventsPerRun: number,
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
    const joins =
      open !== undefined &&
      open.ordinal >= firstJoinable &&
      open.events.length < maxEventsPerRun &&
      !open.ids.has(event.id)
    const run = joins
      ? open
      : { stream, events: [], places: [], ids: new Set<string>(), ordinal: runs.length }
    if (!joins) {
      runs.push(run)
      latestOf.set(stream, run)
    }
    run.events.push(event)
    run.places.push(place)
    run.ids.add(event.id)
  })
  return runs
}
