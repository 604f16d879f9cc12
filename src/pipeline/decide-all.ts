import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  concat,
  concatMap,
  defer,
  finalize,
  ignoreElements,
  merge,
  Subject,
  takeUntil,
  tap,
  type Observable,
} from 'rxjs'
import type { Batch, EventLog } from '../event-log/event-log.ts'
import type { Clock } from './clock.ts'
import type { CorrelatorLimits } from './correlator-limits.ts'
import { createCoverage, type Coverage, type ReportLimits } from './coverage.ts'
import { sliceDecider, type Slice } from './decide-slices.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import { raiseFence, type Fence } from './fenced-appends.ts'
import { letOthersGoFirst, type HoldBack } from './hold-back.ts'
import { inTurn } from './in-turn.ts'
import { readLoggedDecisions, type Stand } from './logged-decisions.ts'
import { readParkedInputs } from './parked-inputs.ts'
import { planDecisionAppends } from './plan-decision-appends.ts'
import { retried, type RetryOptions } from './retried.ts'

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

/** What there is to decide, and for whom. */
export interface DecidingOptions {
  readonly log: EventLog
  readonly engineVersion: string
  readonly clock: Clock
  readonly shard?: number
  /** Left out: no other process follows, and what caused no decision is not reported. */
  readonly report?: ReportLimits | undefined
  /** Whether more urgent work is waiting. Not asked before the log has been caught up with once. */
  readonly holdBack?: () => boolean
  /** Milliseconds from any origin; only to share the processor fairly, never for decisions. */
  readonly stopwatchMs?: () => number
}

export interface DecidingParts {
  readonly options: DecidingOptions
  readonly limits: CorrelatorLimits
  readonly retries: RetryOptions
  readonly onFence: (coverage: Coverage) => void
  readonly onInput: () => void
  readonly onStored: (slice: Slice, report: SliceReport, reached: Stand | undefined) => void
  readonly onBatch: (batch: Batch) => void
}

/** One engine's time as the one that decides. */
export interface Turn {
  readonly instance: string
  /** Its fence, where that is raised already. */
  readonly raised: Fence | undefined
}

/** One batch in hand, one slice in hand: decided, made durable, reported; then everything else gets a turn. */
export function decideAll(
  { options, limits, retries, onFence, onInput, onStored, onBatch }: DecidingParts,
  { engine, resume }: EngineAt,
  { instance, raised }: Turn,
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

  const begin = async () => {
    const fence =
      raised ?? (await raiseFence({ ...options, ...retries, instance, shard, nowMs: clock.nowMs }))
    return { fence, parked: await retried(retries, () => readParkedInputs(log, shard, engineVersion)) }
  }

  return defer(begin).pipe(
    concatMap(({ fence, parked }) => {
      const { report } = options
      const coverage = createCoverage({ fence, shard, instance, nowMs: clock.nowMs, limits: report })
      onFence(coverage)
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
