import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  BehaviorSubject,
  defer,
  filter,
  firstValueFrom,
  fromEvent,
  lastValueFrom,
  map,
  merge,
  of,
  race,
  retry,
  takeUntil,
  timer,
} from 'rxjs'
import { countParked } from '../../projections/parked-queries.ts'
import type { ProjectedEvent, Projection } from '../../projections/projection.ts'
import type { Batch, EventLog, Position } from '../event-log/event-log.ts'
import type { RowStore } from '../row-store/row-store.ts'
import type { Committed, LiveFeed } from './live-feed.ts'
import { letOthersGoFirst } from './hold-back.ts'
import { inTurn } from './in-turn.ts'
import { foldEvents, type EventFold } from './project-events.ts'
import { projectionRebuilds, type ProjectionRebuilds } from './projection-rebuilds.ts'
import { sweep } from './rebuild-projection.ts'

export interface ProjectorLimits {
  /** Events of one commit. */
  readonly batchSize: number
  /** It works this long before everything else gets a turn. */
  readonly turnMs: number
  /** It lets more urgent work go first for so long at most, with each batch. */
  readonly maxHoldMs: number
  /** How long to wait before the log or the rows are tried again; the pause doubles from the first to the longest. */
  readonly firstRetryMs: number
  readonly maxRetryMs: number
}

export const defaultProjectorLimits: ProjectorLimits = {
  batchSize: 1_000,
  turnMs: 10,
  maxHoldMs: 250,
  firstRetryMs: 50,
  maxRetryMs: 5_000,
}

export interface ProjectorOptions {
  readonly log: EventLog
  /** Opened with `tagOf(projections)`, so that rows of another shape are gone and made again from the log. */
  readonly rows: RowStore
  readonly projections: readonly Projection[]
  readonly nowMs: () => number
  readonly limits?: Partial<ProjectorLimits>
  /** Whether more urgent work is waiting: read models may lag behind, and callers may not. */
  readonly holdBack?: () => boolean
  /** Milliseconds from any origin; only to share the processor fairly. */
  readonly stopwatchMs?: () => number
  /** Told first of every commit. */
  readonly live?: Pick<LiveFeed, 'take'>
  /** Told after every commit, in order: the place index, the metrics. */
  readonly onCommitted?: (committed: Committed) => void
  /** Told of failures that are tried again. */
  readonly onTrouble?: (error: unknown) => void
}

/** How far the rows are behind the log. */
export interface ProjectorLag {
  readonly caughtUp: boolean
  /** Since when they are behind; 0 where they are not. */
  readonly ms: number
}

export interface Projector {
  /** Caught up with the log once. Rejects where it is stopped before. */
  readonly ready: Promise<void>
  /** The last position in the rows. */
  position(): Position | undefined
  /** Whether the rows hold everything up to a position, waiting for it as long as `waitMs`. */
  reached(position: Position, waitMs: number): Promise<boolean>
  lag(): ProjectorLag
  /** Events projected by this run, and events parked since the rows were begun. */
  counts(): { readonly projected: number; readonly parked: number }
  /** Makes read models again beside those that are read. */
  readonly rebuilds: ProjectionRebuilds
  /** Ends after the batch in hand. */
  stop(): Promise<void>
}

interface Progress {
  readonly position: Position | undefined
  readonly caughtUp: boolean
}

/**
 * Log → projections → rows, from the checkpoint that the rows hold. Whatever fails, be it the log or the disk of the rows,
 * is tried again from there: rows and checkpoint are committed together, so nothing is projected twice.
 */
export function startProjector(options: ProjectorOptions): Projector {
  const { log, rows, projections, nowMs, live, onCommitted = () => {}, onTrouble = () => {} } = options
  const { holdBack = () => false, stopwatchMs = () => performance.now() } = options
  const limits = { ...defaultProjectorLimits, ...options.limits }
  const abort = new AbortController()
  const hold = { ...limits, holdBack, stopwatchMs, pollMs: limits.turnMs, signal: abort.signal }
  const aborted = fromEvent(abort.signal, 'abort')
  const progress = new BehaviorSubject<Progress>({ position: rows.checkpoint(), caughtUp: false })
  let caughtUpOnce = false
  let caughtUpAtMs = nowMs()
  let projected = 0
  let failures = 0

  /** In turns; `undefined` where it was stopped in between, and then nothing was stored. */
  const foldInTurns = async (events: Batch['events'], fold: EventFold) => {
    const current: ProjectedEvent[] = []
    let turnStartMs = stopwatchMs()
    for (const event of events) {
      const projected = fold.project(event)
      if (projected !== undefined) current.push(projected)
      if (stopwatchMs() - turnStartMs < limits.turnMs) continue
      await nextTurn()
      if (abort.signal.aborted) return undefined
      turnStartMs = stopwatchMs()
    }
    const last = events.at(-1)
    if (last !== undefined) fold.commit(last.position)
    return current
  }

  // A batch and a take-over of rows made beside never meet.
  let last: Promise<void> = Promise.resolve()
  const exclusively = (job: () => Promise<void>): Promise<void> => {
    const done = last.then(job)
    last = done.catch(() => {})
    return done
  }
  let current: EventFold | undefined
  // What a rebuild left that was killed is of no use to anybody.
  const swept = sweep(rows, hold).catch(onTrouble)
  const rebuilds = projectionRebuilds(projections, rows, {
    log,
    rows,
    turnMs: limits.turnMs,
    hold,
    swept,
    exclusively,
    onTakenOver: () => current?.forget(),
  })

  const work = async ({ events, caughtUp }: Batch, fold: EventFold) => {
    await letOthersGoFirst(hold)
    const current = abort.signal.aborted ? undefined : await foldInTurns(events, fold)
    if (current === undefined) return
    failures = 0
    projected += events.length
    const position = events.at(-1)?.position ?? rows.checkpoint()
    caughtUpOnce ||= caughtUp
    if (caughtUp) caughtUpAtMs = nowMs()
    progress.next({ position, caughtUp })
    if (position !== undefined) {
      const committed = { position, events: current, live: caughtUpOnce }
      live?.take(committed)
      onCommitted(committed)
    }
  }

  const following = defer(() => {
    const after = rows.checkpoint()
    const fold = foldEvents(rows, projections, { momentsOf: rows })
    current = fold
    const subscription = log.subscribe({
      signal: abort.signal,
      batchSize: limits.batchSize,
      ...(after === undefined ? {} : { after }),
    })
    return inTurn(subscription, async (batch) => exclusively(async () => work(batch, fold)))
  }).pipe(
    retry({
      delay: (error: unknown) => {
        onTrouble(error)
        failures += 1
        return timer(Math.min(limits.maxRetryMs, limits.firstRetryMs * 2 ** (failures - 1)))
      },
    }),
    takeUntil(aborted),
  )
  const finished = lastValueFrom(following, { defaultValue: undefined })

  const soon = (wanted: (now: Progress) => boolean, waitMs?: number): Promise<boolean> => {
    const met = progress.pipe(
      filter(wanted),
      map(() => true),
    )
    const givenUp = merge(abort.signal.aborted ? of(0) : aborted, waitMs === undefined ? [] : timer(waitMs))
    return firstValueFrom(race(met, givenUp.pipe(map(() => false))))
  }
  const ready = soon(({ caughtUp }) => caughtUp).then((met) => {
    if (!met) throw new Error('the projector was stopped before it had caught up')
  })
  // Whoever wants to know awaits it; nobody has to.
  ready.catch(() => {})

  return {
    ready,
    position: () => progress.value.position,
    reached: (position, waitMs) => soon(({ position: at }) => at !== undefined && at >= position, waitMs),
    lag: () => {
      // A clock that was set back counts from there.
      caughtUpAtMs = Math.min(caughtUpAtMs, nowMs())
      return {
        caughtUp: progress.value.caughtUp,
        ms: progress.value.caughtUp ? 0 : nowMs() - caughtUpAtMs,
      }
    },
    counts: () => ({ projected, parked: countParked(rows) }),
    rebuilds,
    async stop() {
      abort.abort()
      await finished
      await rebuilds.ended()
      await swept
    },
  }
}
