import type { Event } from '../../schemas/event.ts'
import { streamOf } from '../../schemas/stream.ts'
import {
  AppendRefusedError,
  type AppendResult,
  type EventLog,
  type ExpectedRevision,
  type Position,
} from '../event-log/event-log.ts'
import { byMoment, planRuns, type Run } from './plan-runs.ts'

export interface WriteOutcome {
  readonly id: string
  readonly stream: string
  /** `differs`: the log holds this id with other content, and what it holds stays. */
  readonly outcome: 'stored' | 'duplicate' | 'differs'
  /** Whoever has read the log up to here has seen the event. */
  readonly position: Position
}

export interface Writer {
  /**
   * Stores events, each in its stream, and resolves with their outcomes in the same order once all are durable. Sent
   * again they change nothing (L2). Throws `AppendRefusedError` and `LogUnavailableError` as the log does: part of the
   * events may be stored by then, and the same call made again completes the rest.
   */
  write(events: readonly Event[]): Promise<readonly WriteOutcome[]>
  /** Calls back after every append that stored something: how many events, and the last one's position. */
  onStored(callback: StoredCallback): void
}

export type StoredCallback = (events: number, position: Position) => void

export interface WriterLimits {
  readonly maxEventsPerRun: number
  /** Events that wait for the log over all calls; beyond it calls are refused, so that memory stays bounded. */
  readonly maxPendingEvents: number
  /** Streams whose last revision is remembered; of others it is asked again. */
  readonly maxKnownStreams: number
  /** Attempts at one append against others who write to the same stream. */
  readonly maxAttempts: number
}

export const defaultWriterLimits: WriterLimits = {
  maxEventsPerRun: 1_000,
  maxPendingEvents: 100_000,
  maxKnownStreams: 50_000,
  maxAttempts: 100,
}

/** What the writer believes about a stream: the revision behind everything that it has sent there. */
interface Lane {
  expected: ExpectedRevision
  /** Grows when a belief turned out wrong; what was sent under an older one is sent again. */
  epoch: number
  /** Calls that are using it. */
  inFlight: number
}

/**
 * The one way for inputs into the log. Appends go out in order without waiting for one another, each with the exact
 * revision that the one before will leave; where that was wrong (known ids, another writer), they are sent again. Only
 * what was recorded later waits, where the log would not keep the order.
 */
export function createWriter({
  log,
  limits: given,
}: {
  log: EventLog
  limits?: Partial<WriterLimits>
}): Writer {
  const limits = { ...defaultWriterLimits, ...given }
  const lanes = new Map<string, Lane>()
  let pendingEvents = 0
  const listeners: StoredCallback[] = []

  const laneOf = async (stream: string): Promise<Lane> => {
    const known = lanes.get(stream)
    if (known !== undefined) return known
    const expected = await log.revisionOf(stream)
    const lane = lanes.get(stream) ?? { expected, epoch: 0, inFlight: 0 }
    lanes.delete(stream)
    lanes.set(stream, lane)
    forgetIdleLanes(lanes, limits.maxKnownStreams)
    return lane
  }

  const send = async ({ stream, events }: Run, lane: Lane): Promise<AppendResult & { kind: 'appended' }> => {
    for (let attempt = 1; attempt <= limits.maxAttempts; attempt += 1) {
      const { expected, epoch } = lane
      lane.expected = after(expected, events.length)
      const result = await log.append(stream, events, expected)
      if (result.kind === 'appended') {
        const { stored, position } = result
        if (stored.length > 0) for (const tell of listeners) tell(stored.length, position)
        if (result.stored.length < events.length && lane.epoch === epoch) renew(lane, toExpected(result))
        return result
      }
      if (lane.epoch === epoch) renew(lane, result.actual)
    }
    throw new AppendRefusedError(
      'queue-full',
      `${stream} is written to by others all the time (${limits.maxAttempts} attempts, maxAttempts): send again later`,
    )
  }

  const sendInLane = async (run: Run, lane: Lane): Promise<readonly WriteOutcome[]> => {
    try {
      return outcomesOf(run, await send(run, lane))
    } catch (error) {
      // What the stream holds is unknown now; the next call asks.
      lanes.delete(run.stream)
      throw error
    }
  }

  const writeRuns = async (events: readonly Event[]): Promise<readonly WriteOutcome[]> => {
    const room = { maxEvents: limits.maxEventsPerRun, maxBytes: log.maxAppendBytes }
    const runs = planRuns(events, streamOf, room)
    const runLanes = new Map<string, Lane>()
    for (const { stream } of runs) {
      if (runLanes.has(stream)) continue
      const lane = lanes.get(stream) ?? (await laneOf(stream))
      // Counted at once, lest it be forgotten while the other streams are looked up.
      lane.inFlight += 1
      runLanes.set(stream, lane)
    }
    try {
      const sendRun = (run: Run) => {
        const lane = runLanes.get(run.stream)
        if (lane === undefined) throw new Error(`no lane for ${run.stream}`)
        return sendInLane(run, lane)
      }
      const outcomes: (readonly WriteOutcome[])[] = []
      for (const group of log.keepsCallOrder ? [runs] : byMoment(runs)) {
        outcomes.push(...(await Promise.all(group.map(sendRun))))
      }
      return inOrder(runs, outcomes)
    } finally {
      for (const lane of runLanes.values()) lane.inFlight -= 1
    }
  }

  return {
    async write(events) {
      if (pendingEvents > 0 && pendingEvents + events.length > limits.maxPendingEvents) {
        throw new AppendRefusedError(
          'queue-full',
          `${pendingEvents} events wait for the log, and ${limits.maxPendingEvents} may (maxPendingEvents): send again later`,
        )
      }
      pendingEvents += events.length
      try {
        return await writeRuns(events)
      } finally {
        pendingEvents -= events.length
      }
    },
    onStored: (callback) => void listeners.push(callback),
  }
}

function renew(lane: Lane, expected: ExpectedRevision): void {
  lane.expected = expected
  lane.epoch += 1
}

function after(expected: ExpectedRevision, count: number): ExpectedRevision {
  return expected === 'no_stream' ? count - 1 : expected + count
}

function toExpected({ revision }: { revision: number }): ExpectedRevision {
  return revision < 0 ? 'no_stream' : revision
}

function forgetIdleLanes(lanes: Map<string, Lane>, maxKnownStreams: number): void {
  for (const [stream, lane] of lanes) {
    if (lanes.size <= maxKnownStreams) return
    if (lane.inFlight === 0) lanes.delete(stream)
  }
}

function outcomesOf(run: Run, { duplicates, differing, position }: AppendResult & { kind: 'appended' }) {
  const known = new Set(duplicates)
  const other = new Set(differing)
  return run.events.map(({ id }): WriteOutcome => {
    const outcome = known.has(id) ? 'duplicate' : other.has(id) ? 'differs' : 'stored'
    return { id, stream: run.stream, outcome, position }
  })
}

/** Outcomes in the order in which the caller gave the events. */
function inOrder(runs: readonly Run[], outcomes: readonly (readonly WriteOutcome[])[]): WriteOutcome[] {
  const placed: WriteOutcome[] = []
  runs.forEach((run, index) => {
    outcomes[index]?.forEach((outcome, at) => {
      const place = run.places[at]
      if (place !== undefined) placed[place] = outcome
    })
  })
  return placed
}
