import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  concat,
  concatMap,
  defer,
  finalize,
  fromEvent,
  ignoreElements,
  lastValueFrom,
  merge,
  retry,
  Subject,
  takeUntil,
  tap,
  throwError,
  type Observable,
} from 'rxjs'
import type { Assessment } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { Event } from '../../schemas/event.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { LogUnavailableError, type Batch, type EventLog } from '../event-log/event-log.ts'
import { tickWhenDue } from './clock-ticks.ts'
import type { Clock } from './clock.ts'
import { sliceDecider, type Slice } from './decide-slices.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import { defaultCorrelatorLimits, type CorrelatorLimits } from './correlator-limits.ts'
import { decisionWaiters } from './decision-waiters.ts'
import { raiseFence, type Fence } from './fenced-appends.ts'
import { letOthersGoFirst, type HoldBack } from './hold-back.ts'
import { inTurn } from './in-turn.ts'
import { lagGauge, type Lag } from './lag-gauge.ts'
import { readLoggedDecisions, type Stand } from './logged-decisions.ts'
import { EngineFailedError, parkInput, readParkedInputs } from './parked-inputs.ts'
import { planDecisionAppends } from './plan-decision-appends.ts'
import type { RetryOptions } from './retried.ts'
import { settlable } from './settlable.ts'
import type { Writer } from './writer.ts'

/** An engine, and where in the log it stands; at the beginning without. */
export interface EngineAt {
  readonly engine: DecidingEngine
  readonly resume: Stand | undefined
}

/** One slice of work: inputs decided and their decisions made durable. */
export interface SliceReport {
  readonly inputs: number
  readonly decisions: number
  readonly decideMs: number
  readonly appendMs: number
}

export interface CorrelatorOptions {
  readonly log: EventLog
  /** Fresh: it is folded from the beginning of the log. With `resume`: as it was there. */
  readonly engine: DecidingEngine
  readonly resume?: Stand | undefined
  /**
   * A whole engine in the place of one that threw midway and is half changed. What it threw at is parked, and the new one goes on
   * without. Left out, the correlator ends with `EngineFailedError`, and the next start goes on.
   */
  readonly renew?: () => Promise<EngineAt>
  readonly engineVersion: string
  readonly clock: Clock
  /** Takes the ticks of the clock. */
  readonly writer: Writer
  /** A name for this run that no other run has. */
  readonly instance: string
  readonly shard?: number
  readonly limits?: Partial<CorrelatorLimits>
  /** Whether more urgent work is waiting. Not asked before the log has been caught up with once. */
  readonly holdBack?: () => boolean
  /** Milliseconds from any origin; only to share the processor fairly, never for decisions. */
  readonly stopwatchMs?: () => number
  readonly onSlice?: (report: SliceReport) => void
  /** Told of failures that are tried again, such as a full disk. */
  readonly onTrouble?: (error: Error) => void
}

export interface Correlator {
  /** Caught up with the log once. Rejects where that is impossible. */
  readonly ready: Promise<void>
  /** Resolves after `stop`; rejects when it cannot go on, such as when another correlator has taken over. */
  readonly finished: Promise<void>
  /**
   * The decisions that an input caused, once they are durable; undefined where that takes longer. May be called before the
   * input is written or just after. Of an input decided long ago nothing is known here: the read models tell.
   */
  decided(inputId: string, waitMs: number): Promise<readonly Event[] | undefined>
  /** Throws `LogUnavailableError` while the engine does not know the whole log: at the start, and after it failed. */
  assess(draft: ComplaintReceived): Assessment
  lag(): Lag
  /** How long ago the decisions on an input were last asked for; infinite where they never were. */
  askedAgoMs(): number
  sizes(): Readonly<Record<string, number>>
  ruleset(): Ruleset | undefined
  /** Where in the log the engine stands; undefined while it folds what is logged. Good until something else gets a turn. */
  stand(): Stand | undefined
  /** Ends after the slice in hand. What is not decided yet will be after the next start. */
  stop(): Promise<void>
}

/**
 * Log → engine → log. First it takes over the shard's decisions (fence), then it folds what the log holds: inputs with
 * their logged decisions (a logged decision is a fact), then inputs that nobody has decided yet, then what comes (E2).
 */
export function startCorrelator(options: CorrelatorOptions): Correlator {
  const { clock, writer, onSlice = () => {}, onTrouble = () => {} } = options
  const { stopwatchMs = () => performance.now() } = options
  let askedAtMs = Number.NEGATIVE_INFINITY
  const limits = { ...defaultCorrelatorLimits, ...options.limits }
  const abort = new AbortController()
  const waiters = decisionWaiters(limits)
  const lag = lagGauge(clock.nowMs)
  writer.onStored((events, position) => lag.stored(events, position))
  let engine = options.engine
  let stand = options.resume
  let isWhole = false
  let renewals = 0
  const deadlines = new Subject<number | undefined>()
  const caughtUp = settlable()
  const parts: Parts = {
    options,
    limits,
    retries: { retryLimits: limits, onTrouble, signal: abort.signal },
    onInput: () => {
      stand = undefined
    },
    onStored: ({ decided, lastPosition }, report, reached) => {
      if (report.inputs > 0) stand = reached
      for (const { inputId, decisions } of decided) waiters.settle(inputId, decisions)
      if (lastPosition !== undefined) lag.handled(lastPosition)
      onSlice(report)
    },
    onBatch: (batch) => {
      const last = batch.events.at(-1)
      if (last !== undefined) lag.handled(last.position)
      lag.worked(batch.caughtUp)
      isWhole ||= batch.caughtUp
      if (batch.caughtUp) caughtUp.resolve()
      deadlines.next(batch.caughtUp ? engine.nextDeadlineMs() : undefined)
    },
  }
  const ticks = tickWhenDue(deadlines, { ...parts.retries, ...limits, clock, writer }).pipe(
    takeUntil(fromEvent(abort.signal, 'abort')),
  )
  const park = async (failure: EngineFailedError): Promise<void> => {
    isWhole = false
    deadlines.next(undefined)
    lag.worked(false)
    await parkInput({ ...options, ...parts.retries, shard: options.shard ?? 0, nowMs: clock.nowMs }, failure)
    if (options.renew === undefined) throw failure
    onTrouble(failure)
    const renewed = await options.renew()
    engine = renewed.engine
    stand = renewed.resume
    renewals += 1
  }
  // Each engine raises a fence of its own: what the one before it logged is history to it.
  const instanceNow = () =>
    renewals === 0 ? options.instance : `${options.instance}, engine ${renewals + 1}`
  const work = defer(() => decideAll(parts, { engine, resume: stand }, instanceNow())).pipe(
    retry({
      delay: (error: unknown) =>
        error instanceof EngineFailedError ? defer(async () => park(error)) : throwError(() => error),
    }),
    finalize(() => abort.abort()),
  )
  const finished = lastValueFrom(merge(ticks, work), { defaultValue: undefined })
    .then(() => caughtUp.reject(new Error('the correlator was stopped before it had caught up')))
    .catch((error: unknown) => {
      caughtUp.reject(error)
      throw error
    })
    .finally(() => waiters.close())
  // Whoever wants to know awaits it; nobody has to.
  finished.catch(() => {})

  return {
    ready: caughtUp.promise,
    finished,
    decided: (inputId, waitMs) => {
      askedAtMs = stopwatchMs()
      return waiters.wait(inputId, waitMs)
    },
    askedAgoMs: () => stopwatchMs() - askedAtMs,
    assess: (draft) => {
      if (!isWhole) throw beingMade()
      return engine.assess(draft, clock.nowMs())
    },
    lag: () => lag.read(),
    sizes: () => engine.sizes(),
    ruleset: () => engine.ruleset(),
    stand: () => stand,
    async stop() {
      abort.abort()
      await finished.catch(() => {})
    },
  }
}

interface Parts {
  readonly options: CorrelatorOptions
  readonly limits: CorrelatorLimits
  readonly retries: RetryOptions
  readonly onInput: () => void
  readonly onStored: (slice: Slice, report: SliceReport, reached: Stand | undefined) => void
  readonly onBatch: (batch: Batch) => void
}

/** One batch in hand, one slice in hand: decided, made durable, reported; then everything else gets a turn. */
function decideAll(
  { options, limits, retries, onInput, onStored, onBatch }: Parts,
  { engine, resume }: EngineAt,
  instance: string,
): Observable<void> {
  const { log, clock, engineVersion, shard = 0, holdBack = () => false } = options
  const { stopwatchMs = () => performance.now() } = options
  const { signal } = retries
  let caughtUpOnce = false
  const hold: HoldBack = {
    holdBack: () => caughtUpOnce && holdBack(),
    maxHoldMs: limits.maxHoldMs,
    pollMs: limits.turnMs,
    stopwatchMs,
    signal,
  }
  const finish = (batch: Batch) => {
    caughtUpOnce ||= batch.caughtUp
    onBatch(batch)
  }

  const store = async (fence: Fence, slice: Slice) => {
    const startedMs = stopwatchMs()
    const room = { maxEvents: limits.maxDecisionsPerAppend, maxBytes: log.maxAppendBytes }
    const appends = planDecisionAppends(slice.decided, slice.coveredBefore, room)
    for (const decisions of appends) await fence.append(decisions)
    const report: SliceReport = {
      inputs: slice.inputs,
      decisions: appends.reduce((sum, { length }) => sum + length, 0),
      decideMs: slice.decideMs,
      appendMs: stopwatchMs() - startedMs,
    }
    onStored(slice, report, standAfter(slice, fence))
    await nextTurn()
  }

  const begin = async () => {
    const fence = await raiseFence({ ...options, ...retries, instance, shard, nowMs: clock.nowMs })
    return { fence, parked: await readParkedInputs(log, shard, engineVersion) }
  }

  return defer(begin).pipe(
    concatMap(({ fence, parked }) => {
      const logged = readLoggedDecisions(log, shard, fence.revision, resume)
      const lastInput = resume?.lastInput
      const slices = sliceDecider({
        ...limits,
        engine,
        fence,
        logged,
        parked,
        stopwatchMs,
        signal,
        lastInput,
        onInput,
      })
      const after = resume === undefined ? {} : { after: resume.position }
      return inTurn(log.subscribe({ ...after, signal, batchSize: limits.batchSize }), (batch) =>
        concat(
          defer(async () => letOthersGoFirst(hold)).pipe(ignoreElements()),
          inTurn(slices(batch), (slice) => store(fence, slice)).pipe(tap({ complete: () => finish(batch) })),
        ),
      )
    }),
  )
}

function standAfter({ lastInput, lastPosition, endsDecided }: Slice, fence: Fence): Stand | undefined {
  if (!endsDecided || lastInput === undefined || lastPosition === undefined) return undefined
  return { lastInput, position: lastPosition, decisions: fence.lastRevision() }
}

function beingMade(): LogUnavailableError {
  return new LogUnavailableError('the engine is being made from the log; ask again in a moment')
}
