import type { EventOf } from '../../schemas/event.ts'
import type { OutageState } from '../../schemas/outage.ts'
import type { CauseBook } from './cause-book.ts'
import { Timer } from './deadlines.ts'
import { type Cause, causeKey } from './model.ts'
import { laterStated } from './stated-end.ts'

/** A logged outage, as far as the next decision depends on it. */
export interface Outage {
  readonly id: string
  /** In the order of opening; of two that turn out to be one, the older stays. */
  readonly ordinal: number
  /** The key of its root, which may have left the window. */
  rootKey: string
  root: Cause | undefined
  state: OutageState
  expectedEnd: string | undefined
  readonly timer: Timer
}

/** Open outages, by id; a fold of the engine's own decisions. */
export class OutageBook {
  readonly byId = new Map<string, Outage>()
  private opened = 0
  private readonly causes: CauseBook

  constructor(causes: CauseBook) {
    this.causes = causes
  }

  take(event: EventOf<'OutageOpened' | 'OutageChanged' | 'OutageEnded'>): void {
    const { outageId } = event.data
    switch (event.type) {
      case 'OutageOpened': {
        const { root, state, expectedEnd } = event.data
        const rootKey = causeKey(root.kind, root.id)
        const outage: Outage = {
          id: outageId,
          ordinal: (this.opened += 1),
          rootKey,
          root: undefined,
          state,
          expectedEnd,
          timer: new Timer('outage', outageId),
        }
        this.byId.set(outageId, outage)
        this.hang(outage, rootKey)
        if (outage.root !== undefined) outage.root.formerOutageId = outage.root.partOf = undefined
        return
      }
      case 'OutageChanged': {
        const outage = this.byId.get(outageId)
        if (outage === undefined) return
        const { root, state, expectedEnd } = event.data
        if (state !== undefined) outage.state = state
        if (expectedEnd !== undefined) outage.expectedEnd = expectedEnd
        if (root === undefined) return
        const former = outage.root
        if (former?.outageId === outageId) {
          former.outageId = undefined
          former.partOf = outageId
        }
        this.hang(outage, causeKey(root.kind, root.id))
        // What was estimated for the outage stays with it.
        if (outage.root !== undefined)
          outage.root.estimatedEnd = laterStated(outage.root.estimatedEnd, former?.estimatedEnd)
        return
      }
      case 'OutageEnded': {
        // Over and done with, it still is its root's outage: whoever calls about it later is one of its complaints.
        const outage = this.byId.get(outageId)
        const { reason, into } = event.data
        const root = outage?.root
        if (root !== undefined && (reason === 'merged' || reason === 'rejected')) {
          root.formerOutageId = outageId
          root.partOf = into
        }
        if (reason !== 'restored' && root?.outageId === outageId) root.outageId = undefined
        if (outage !== undefined) outage.timer.dueMs = Infinity
        this.byId.delete(outageId)
        return
      }
    }
  }

  private hang(outage: Outage, rootKey: string): void {
    outage.rootKey = rootKey
    outage.root = this.causes.find(rootKey)
    if (outage.root !== undefined) outage.root.outageId = outage.id
  }
}

/** When everything of an outage is over: its root and the failures that hang on it. Infinity while anything lasts. */
export function overMs(root: Cause): number {
  let latest = root.impact.effect === 'latent' ? 0 : root.endMs
  for (const cause of root.consequences)
    if (!cause.retired && cause.impact.effect !== 'latent') latest = Math.max(latest, cause.endMs)
  return latest === 0 ? root.endMs : latest
}
