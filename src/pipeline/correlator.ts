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
  Subject,
  takeUntil,
  tap,
  type Observable,
} from 'rxjs'
import type { Assessment } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { Event } from '../../schemas/event.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Batch, EventLog } from '../event-log/event-log.ts'
import { createAnswering, type Answering } from './answering.ts'
import { tickWhenDue } from './clock-ticks.ts'
import type { Clock } from './clock.ts'
import { createCoverage, type Coverage, type ReportLimits } from './coverage.ts'
import { sliceDecider, type Slice } from './decide-slices.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import type { WaiterLimits } from './decision-waiters.ts'
import { raiseFence, type Fence } from './fenced-appends.ts'
import { letOthersGoFirst, type HoldBack } from './hold-back.ts'
import { inTurn } from './in-turn.ts'
import type { Lag } from './lag-gauge.ts'
import { readLoggedDecisions, type Stand } from './logged-decisions.ts'
import { planDecisionAppends } from './plan-decision-appends.ts'
import type { RetryLimits, RetryOptions } from './retried.ts'
import { settlable } from './settlable.ts'
import type { Writer } from './writer.ts'

export interface CorrelatorLimits extends WaiterLimits, RetryLimits {
  /** Events read from the log at once. */
  readonly batchSize: number
  /** The engine works this long before everything else gets a turn. */
  readonly turnMs: number
  /** It lets more urgent work go first for so long at most, with each batch. */
  readonly maxHoldMs: number
  /** In a backlog, decisions of this much work become durable together: each append waits for the disk. */
  readonly sliceMs: number
  readonly maxDecisionsPerAppend: number
  /** An input that comes by itself within this time makes a tick of the clock needless. */
  readonly tickSlackMs: number
}

export const defaultCorrelatorLimits: CorrelatorLimits = {
  batchSize: 500,
  turnMs: 10,
  maxHoldMs: 250,
  sliceMs: 50,
  maxDecisionsPerAppend: 2_000,
  tickSlackMs: 100,
  maxWaiters: 10_000,
  maxRecentInputs: 5_000,
  firstRetryMs: 50,
  maxRetryMs: 5_000,
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
  readonly engineVersion: string
  readonly clock: Clock
  /** Takes the ticks of the clock. */
  readonly writer: Writer
  /** A name for this run that no other run has. */
  readonly instance: string
  readonly shard?: number
  /** Raised already, by who took over from another one; left out: raised first, whoever decides. */
  readonly fence?: Fence | undefined
  /** Whom callers ask; left out: one of its own, which ends with the correlator. */
  readonly answering?: Answering | undefined
  /** Left out: no other process follows, and what caused no decision is not reported. */
  readonly report?: ReportLimits | undefined
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
  /** As `Answering` has it. */
  decided(inputId: string, waitMs: number): Promise<readonly Event[] | undefined>
  assess(draft: ComplaintReceived): Assessment
  lag(): Lag
  /** How long ago the decisions on an input were last asked for; infinite where they never were. */
  askedAgoMs(): number
  sizes(): Readonly<Record<string, number>>
  ruleset(): Ruleset | undefined
  /** Where in the log the engine stands; undefined while it folds what is logged. Good until something else gets a turn. */
  stand(): Stand | undefined
  /** Whether this process decides, and no other: asked of the log. */
  decides(): Promise<boolean>
  /** Ends after the slice in hand. What is not decided yet will be after the next start. */
  stop(): Promise<void>
}

/**
 * Log → engine → log. First it takes over the shard's decisions (fence), then it folds what the log holds: inputs with
 * their logged decisions (a logged decision is a fact), then inputs that nobody has decided yet, then what comes (E2).
 */
export function startCorrelator(options: CorrelatorOptions): Correlator {
  const { engine, clock, writer, onSlice = () => {}, onTrouble = () => {} } = options
  const limits = { ...defaultCorrelatorLimits, ...options.limits }
  const abort = new AbortController()
  const answering =
    options.answering ??
    createAnswering({ writer, nowMs: clock.nowMs, limits, stopwatchMs: options.stopwatchMs })
  const { lag } = answering
  let coverage: Coverage | undefined
  let stand = options.resume
  const deadlines = new Subject<number | undefined>()
  const caughtUp = settlable()
  const parts: Parts = {
    options,
    limits,
    retries: { retryLimits: limits, onTrouble, signal: abort.signal },
    onFence: (raised) => {
      coverage = raised
    },
    onInput: () => {
      stand = undefined
    },
    onStored: ({ decided, lastPosition }, report, reached) => {
      if (report.inputs > 0) stand = reached
      for (const { inputId, decisions } of decided) answering.settle(inputId, decisions)
      if (lastPosition !== undefined) lag.handled(lastPosition)
      onSlice(report)
    },
    onBatch: (batch) => {
      const last = batch.events.at(-1)
      if (last !== undefined) lag.handled(last.position)
      lag.worked(batch.caughtUp)
      if (batch.caughtUp) caughtUp.resolve()
      deadlines.next(batch.caughtUp ? engine.nextDeadlineMs() : undefined)
    },
  }
  const ticks = tickWhenDue(deadlines, { ...parts.retries, ...limits, clock, writer }).pipe(
    takeUntil(fromEvent(abort.signal, 'abort')),
  )
  const work = decideAll(parts).pipe(finalize(() => abort.abort()))
  const finished = lastValueFrom(merge(ticks, work), { defaultValue: undefined })
    .then(() => caughtUp.reject(new Error('the correlator was stopped before it had caught up')))
    .catch((error: unknown) => {
      caughtUp.reject(error)
      throw error
    })
    .finally(() => {
      if (options.answering === undefined) answering.close()
    })
  // Whoever wants to know awaits it; nobody has to.
  finished.catch(() => {})

  return {
    ready: caughtUp.promise,
    finished,
    decided: (inputId, waitMs) => answering.decided(inputId, waitMs),
    askedAgoMs: () => answering.askedAgoMs(),
    assess: (draft) => engine.assess(draft, clock.nowMs()),
    lag: () => lag.read(),
    sizes: () => engine.sizes(),
    ruleset: () => engine.ruleset(),
    stand: () => stand,
    decides: async () => coverage?.holds() ?? false,
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
  readonly onFence: (coverage: Coverage) => void
  readonly onInput: () => void
  readonly onStored: (slice: Slice, report: SliceReport, reached: Stand | undefined) => void
  readonly onBatch: (batch: Batch) => void
}

/** One batch in hand, one slice in hand: decided, made durable, reported; then everything else gets a turn. */
function decideAll({
  options,
  limits,
  retries,
  onFence,
  onInput,
  onStored,
  onBatch,
}: Parts): Observable<void> {
  const { log, engine, clock, resume, shard = 0, holdBack = () => false } = options
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

  const store = async (fence: Fence, coverage: Coverage, slice: Slice) => {
    const startedMs = stopwatchMs()
    const room = { maxEvents: limits.maxDecisionsPerAppend, maxBytes: log.maxAppendBytes }
    const appends = planDecisionAppends(slice.decided, slice.coveredBefore, room)
    await coverage.append(slice.decided, appends)
    const report: SliceReport = {
      inputs: slice.inputs,
      decisions: appends.reduce((sum, { length }) => sum + length, 0),
      decideMs: slice.decideMs,
      appendMs: stopwatchMs() - startedMs,
    }
    onStored(slice, report, standAfter(slice, fence))
    await nextTurn()
  }

  const raise = async () => options.fence ?? raiseFence({ ...options, ...retries, shard, nowMs: clock.nowMs })
  return defer(raise).pipe(
    concatMap((fence) => {
      const { instance, report } = options
      const coverage = createCoverage({ fence, shard, instance, nowMs: clock.nowMs, limits: report })
      onFence(coverage)
      const logged = readLoggedDecisions(log, shard, fence.revision, resume)
      const lastInput = resume?.lastInput
      const slices = sliceDecider({
        ...limits,
        engine,
        fence,
        logged,
        stopwatchMs,
        signal,
        lastInput,
        onInput,
      })
      const after = resume === undefined ? {} : { after: resume.position }
      const work = inTurn(log.subscribe({ ...after, signal, batchSize: limits.batchSize }), (batch) =>
        concat(
          defer(async () => letOthersGoFirst(hold)).pipe(ignoreElements()),
          inTurn(slices(batch), (slice) => store(fence, coverage, slice)).pipe(
            tap({ complete: () => finish(batch) }),
          ),
        ),
      )
      const over = new Subject<void>()
      const decided = concat(
        work,
        defer(() => coverage.farewell()),
      ).pipe(finalize(() => over.next()))
      return merge(coverage.reports.pipe(takeUntil(over)), decided)
    }),
  )
}

function standAfter({ lastInput, lastPosition, endsDecided }: Slice, fence: Fence): Stand | undefined {
  if (!endsDecided || lastInput === undefined || lastPosition === undefined) return undefined
  return { lastInput, position: lastPosition, decisions: fence.lastRevision() }
}
