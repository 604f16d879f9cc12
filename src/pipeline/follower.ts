import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { decisionStream, parkedStream } from '../../schemas/stream.ts'
import {
  DamagedRecordError,
  LogUnavailableError,
  type Batch,
  type EventLog,
  type RecordedEvent,
} from '../event-log/event-log.ts'
import type { Answering } from './answering.ts'
import { isInputPlace, readInput } from './decision-groups.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import type { Stand } from './logged-decisions.ts'
import { pairDecisions } from './pair-decisions.ts'
import {
  intakeOf,
  noParkedInputs,
  readFailure,
  readParkedInputs,
  type EngineFailure,
} from './parked-inputs.ts'
import { retried, type RetryOptions } from './retried.ts'
import { settlable } from './settlable.ts'

export interface FollowerLimits {
  /** Events read from the log at once. */
  readonly batchSize: number
  /** It works this long before everything else gets a turn. */
  readonly turnMs: number
  /** Inputs kept that nobody has decided yet; beyond it the log is read on only when decisions have come. */
  readonly maxWaitingInputs: number
  /** How often decisions are looked for then. */
  readonly lookMs: number
}

export const defaultFollowerLimits: FollowerLimits = {
  batchSize: 500,
  turnMs: 10,
  maxWaitingInputs: 10_000,
  lookMs: 100,
}

export interface FollowerOptions {
  readonly log: EventLog
  /** Fresh: it is folded from the beginning of the log. With `resume`: as it was there. */
  readonly engine: DecidingEngine
  readonly resume?: Stand | undefined
  readonly engineVersion: string
  /** What engines before this one failed at here, also where the log does not know of it: it is left out. */
  readonly failures?: readonly EngineFailure[]
  readonly answering: Answering
  readonly shard?: number
  readonly retries: Omit<RetryOptions, 'signal'>
  readonly limits?: Partial<FollowerLimits>
  /** Milliseconds from any origin. */
  readonly stopwatchMs?: () => number
  /** Told of every input that was folded. */
  readonly onFolded?: (inputs: number) => void
}

/** What is to be seen of whoever decides. All times by the stopwatch. */
export interface Sighting {
  /** The last revision of the stream of decisions that was seen; -1 where nobody ever decided. */
  readonly revision: number
  /** When something of it was last seen after the log had been caught up with. */
  readonly heardMs: number | undefined
  /** It has said that it ends, and nobody has begun since. */
  readonly stopped: boolean
  /** When the first input was seen that nobody has decided. */
  readonly undecidedSinceMs: number | undefined
}

export interface Follower {
  /** Caught up with the log once. */
  readonly ready: Promise<void>
  /** Resolves after `stop`; rejects when it cannot go on, such as on a damaged record; with `EngineFailedError` where the engine fails. */
  readonly finished: Promise<void>
  /** Nothing can be done but wait for what is decided next. */
  isWaiting(): boolean
  sighting(): Sighting
  /**
   * Where in the log the engine stands; undefined while it is between two places where one could go on, and while it has left out
   * what the log does not say is parked: it is not as others would make it.
   */
  stand(): Stand | undefined
  stop(): Promise<void>
}

/**
 * Folds a log that another process decides: inputs with their logged decisions, in the order of the inputs, and never
 * decides anything. An input waits, in a bounded queue, until the log says that it is decided. Where an import has put many
 * inputs before the first decision, decisions are read ahead from their own stream, in step with the inputs.
 *
 * What the log says is parked is left out at the same place as by whoever parked it: that is written before the decisions that
 * cover the input, so it is known by the time when the input is folded. A follower parks nothing itself. An engine that fails
 * at what whoever decides could take says something of this process, and nothing of the event.
 */
export function startFollower(options: FollowerOptions): Follower {
  const { log, engine, engineVersion, resume, answering, shard = 0, onFolded = () => {} } = options
  const { stopwatchMs = () => performance.now() } = options
  const limits = { ...defaultFollowerLimits, ...options.limits }
  const stream = decisionStream(shard)
  const abort = new AbortController()
  const { signal } = abort
  const retries = { ...options.retries, signal }
  const parked = noParkedInputs()
  const takeIn = intakeOf(engine, parked)
  /** What is left out here alone. */
  let unlogged = options.failures ?? []
  const pairing = pairDecisions(resume)
  const caughtUp = settlable()
  let isCaughtUp = false
  let revision = resume?.decisions ?? -1
  let heardMs: number | undefined
  let stopped = false
  let isFull = false
  let turnStartMs = stopwatchMs()

  /** To its end even where told to stop: in the midst of a group the engine stands nowhere. */
  const foldWhatIsDecided = async () => {
    for (let pair = pairing.next(); pair !== undefined; pair = pairing.next()) {
      const { inputId, input, position, decisions } = pair
      if (input !== undefined) takeIn(input, () => engine.fold(input, decisions))
      answering.settle(inputId, decisions)
      answering.lag.handled(position)
      onFolded(1)
      if (stopwatchMs() - turnStartMs < limits.turnMs) continue
      await nextTurn()
      turnStartMs = stopwatchMs()
    }
  }

  const takeDecision = async (recorded: RecordedEvent) => {
    if (recorded.revision <= revision) return
    revision = recorded.revision
    if (isCaughtUp || isFull) heardMs = stopwatchMs()
    stopped = recorded.type === 'CorrelatorReported' && recorded.data['stops'] === true
    pairing.addDecision(recorded)
    await foldWhatIsDecided()
  }

  const take = async (recorded: RecordedEvent) => {
    if (recorded.stream === stream) {
      if (recorded.revision > revision && pairing.isAhead()) throw withoutInputs(recorded)
      return takeDecision(recorded)
    }
    if (recorded.stream === parkedStream(shard)) return takeFailure(recorded)
    if (!isInputPlace(recorded)) return
    const { id: inputId, position } = recorded
    pairing.addInput({ inputId, input: readInput(recorded), position, sinceMs: stopwatchMs() })
    if (pairing.isAhead()) await foldWhatIsDecided()
  }

  const takeFailure = (recorded: RecordedEvent) => {
    const failure = readFailure(recorded, engineVersion)
    if (failure === undefined) return
    parked.add(failure)
    unlogged = unlogged.filter((other) => !isSame(other, failure))
  }
  const readFailures = async () => {
    await retried(retries, () => readParkedInputs(log, shard, engineVersion, parked))
  }
  /** Those of the log first: what is left out here alone is then known. */
  const readFirstFailures = async () => {
    await readFailures()
    unlogged = unlogged.filter((failure) => !parked.has(failure))
    for (const failure of unlogged) parked.add(failure)
  }

  /** Takes decisions from their own stream, as far as there are inputs for them. Gives whether there were any. */
  const readAhead = async (): Promise<boolean> => {
    const before = revision
    const range = { fromRevision: revision + 1, maxEvents: limits.batchSize }
    for await (const batch of log.readStream(stream, range)) {
      await readFailures()
      for (const recorded of batch) {
        await takeDecision(recorded)
        if (pairing.isAhead()) return true
      }
    }
    return revision > before
  }

  const makeRoom = async () => {
    while (pairing.waiting() >= limits.maxWaitingInputs && !signal.aborted) {
      const found = await readAhead().catch((error: unknown) => {
        if (error instanceof LogUnavailableError) return false
        throw error
      })
      isFull = !found
      if (isFull) await pause(limits.lookMs, undefined, { signal }).catch(() => {})
    }
  }

  const takeBatch = async (batch: Batch) => {
    turnStartMs = stopwatchMs()
    for (const recorded of batch.events) await take(recorded)
    await makeRoom()
    const last = batch.events.at(-1)
    if (last !== undefined && pairing.waiting() === 0) answering.lag.handled(last.position)
    answering.lag.worked(batch.caughtUp)
    isCaughtUp ||= batch.caughtUp
    if (batch.caughtUp) caughtUp.resolve()
  }

  const follow = async () => {
    await readFirstFailures()
    const after = resume === undefined ? {} : { after: resume.position }
    for await (const batch of log.subscribe({ ...after, signal, batchSize: limits.batchSize })) {
      await takeBatch(batch)
      if (signal.aborted) return
    }
  }

  const finished = follow().finally(() =>
    caughtUp.reject(new Error('it was stopped before it had caught up with the log')),
  )
  // Whoever wants to know awaits it; nobody has to.
  finished.catch(() => {})

  return {
    ready: caughtUp.promise,
    finished,
    isWaiting: () => isCaughtUp || isFull,
    sighting: () => ({ revision, heardMs, stopped, undecidedSinceMs: pairing.waitingSinceMs() }),
    stand: () => (unlogged.length === 0 ? pairing.stand() : undefined),
    async stop() {
      abort.abort()
      await finished.catch(() => {})
    },
  }
}

function isSame(one: EngineFailure, other: EngineFailure): boolean {
  return one.inputId === other.inputId && one.deadline === other.deadline
}

function withoutInputs({ position }: RecordedEvent): DamagedRecordError {
  return new DamagedRecordError(
    position,
    'decisions lie before it whose inputs are nowhere; restore the log from a backup',
  )
}
