import { defer, finalize, fromEvent, lastValueFrom, merge, retry, Subject, takeUntil, throwError } from 'rxjs'
import type { Assessment } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { Event } from '../../schemas/event.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { LogUnavailableError } from '../event-log/event-log.ts'
import { createAnswering, type Answering } from './answering.ts'
import { tickWhenDue } from './clock-ticks.ts'
import { defaultCorrelatorLimits, type CorrelatorLimits } from './correlator-limits.ts'
import type { Coverage } from './coverage.ts'
import {
  decideAll,
  type DecidingOptions,
  type DecidingParts,
  type EngineAt,
  type SliceReport,
  type Turn,
} from './decide-all.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import type { Fence } from './fenced-appends.ts'
import type { Lag } from './lag-gauge.ts'
import type { Stand } from './logged-decisions.ts'
import { EngineFailedError, parkInput } from './parked-inputs.ts'
import { settlable } from './settlable.ts'
import type { Writer } from './writer.ts'

export interface CorrelatorOptions extends DecidingOptions {
  /** Fresh: it is folded from the beginning of the log. With `resume`: as it was there. */
  readonly engine: DecidingEngine
  readonly resume?: Stand | undefined
  /**
   * A whole engine in the place of one that threw midway and is half changed. What it threw at is parked, and the new one goes on
   * without. Left out, the correlator says that it ends, so that whoever stands by goes on at once, and ends with `EngineFailedError`;
   * the next start goes on too.
   */
  readonly renew?: () => Promise<EngineAt>
  /** It may be asked at once: it has followed the log. Left out: when it has caught up. */
  readonly isWhole?: boolean
  /** Takes the ticks of the clock. */
  readonly writer: Writer
  /** A name for this run that no other run has. */
  readonly instance: string
  /** Raised already, by who took over from another one, for the first engine; left out: raised first, whoever decides. */
  readonly fence?: Fence | undefined
  /** Whom callers ask; left out: one of its own, which ends with the correlator. */
  readonly answering?: Answering | undefined
  readonly limits?: Partial<CorrelatorLimits>
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
  /** Throws `LogUnavailableError` while the engine does not know the whole log: at the start, and after it failed. */
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
  const { clock, writer, onSlice = () => {}, onTrouble = () => {} } = options
  const limits = { ...defaultCorrelatorLimits, ...options.limits }
  const abort = new AbortController()
  const answering =
    options.answering ??
    createAnswering({ writer, nowMs: clock.nowMs, limits, stopwatchMs: options.stopwatchMs })
  const { lag } = answering
  let coverage: Coverage | undefined
  let engine = options.engine
  let stand = options.resume
  let { isWhole = false } = options
  let renewals = 0
  const deadlines = new Subject<number | undefined>()
  const caughtUp = settlable()
  const parts: DecidingParts = {
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
    if (options.renew === undefined) {
      await coverage?.farewell()
      throw failure
    }
    onTrouble(failure)
    const renewed = await options.renew()
    engine = renewed.engine
    stand = renewed.resume
    renewals += 1
  }
  // Each engine raises a fence of its own: what the one before it logged is history to it.
  const turnNow = (): Turn =>
    renewals === 0
      ? { instance: options.instance, raised: options.fence }
      : { instance: `${options.instance}, engine ${renewals + 1}`, raised: undefined }
  const work = defer(() => decideAll(parts, { engine, resume: stand }, turnNow())).pipe(
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
    assess: (draft) => {
      if (!isWhole) throw engineBeingMade()
      return engine.assess(draft, clock.nowMs())
    },
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

/** What is said where no engine can be asked. */
export function engineBeingMade(): LogUnavailableError {
  return new LogUnavailableError('the engine is being made from the log; ask again in a moment')
}
