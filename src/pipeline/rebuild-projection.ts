import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Projection } from '../../projections/projection.ts'
import type { EventLog, Position } from '../event-log/event-log.ts'
import type { RowStore } from '../row-store/row-store.ts'
import { letOthersGoFirst, type HoldBack } from './hold-back.ts'
import { foldEvents } from './project-events.ts'

export interface RebuildOptions {
  readonly log: Pick<EventLog, 'readAll'>
  readonly rows: RowStore
  readonly projection: Projection
  /** It works this long before everything else gets a turn. */
  readonly turnMs: number
  readonly hold: HoldBack
  /** Nothing else sweeps from then on. */
  readonly swept: Promise<void>
  /** Runs work while the rows that are read stand still. */
  readonly exclusively: (work: () => Promise<void>) => Promise<void>
  /** The rows that are read are others now; called while they stand still. */
  readonly onTakenOver: () => void
  /** How many events have been read. */
  readonly onProgress: (events: number) => void
}

/** So many times it runs after rows that go on meanwhile; then they wait for it. */
const maxChases = 20
/** What is left for the rows that are read to wait for, usually. */
const closeEnoughEvents = 1_000

/**
 * Makes the rows of one projection again from the log, beside those that are read, and has them take over at once when they
 * have come as far. Stopped or killed before, nothing has changed. Rejects where it is told to stop.
 */
export async function rebuildProjection(options: RebuildOptions): Promise<void> {
  const { log, rows, projection, turnMs, hold, exclusively, onTakenOver, onProgress } = options
  await options.swept
  await sweep(rows, hold)
  const store = rows.beside(projection.name)
  const fold = foldEvents(store, [projection], { beside: { owner: projection.name, others: rows } })
  let after: Position | undefined
  let events = 0

  /** Everything up to where the rows that are read are now. */
  const chase = async (): Promise<number> => {
    const end = rows.checkpoint()
    const before = events
    if (end === undefined || end === after) return 0
    let turnStartMs = hold.stopwatchMs()
    for await (const batch of log.readAll(after === undefined ? {} : { after })) {
      for (const event of batch) {
        if (event.position > end) break
        fold.project(event)
        after = event.position
        events += 1
        if (hold.stopwatchMs() - turnStartMs < turnMs) continue
        await nextTurn()
        requireGoing(hold)
        turnStartMs = hold.stopwatchMs()
      }
      if (after !== undefined) fold.commit(after)
      onProgress(events)
      if (after === end) break
      await letOthersGoFirst(hold)
      requireGoing(hold)
    }
    return events - before
  }

  for (let chases = 1; (await chase()) > closeEnoughEvents && chases < maxChases; chases += 1) {
    requireGoing(hold)
  }
  await exclusively(async () => {
    await chase()
    requireGoing(hold)
    store.takeOver()
    onTakenOver()
  })
  await sweep(rows, hold)
}

/** Removes what nobody reads any more, step by step. */
export async function sweep(rows: RowStore, { signal }: Pick<HoldBack, 'signal'>): Promise<void> {
  while (!signal.aborted && rows.sweep()) await nextTurn()
}

function requireGoing({ signal }: HoldBack): void {
  if (signal.aborted) throw new Error('stopped before the end; the rows are as they were')
}
