import type { Access } from '../access/access.ts'
import type { Config } from '../config/config.ts'
import type { EventLog } from '../event-log/event-log.ts'
import type { BulkGate } from '../intake/bulk-gate.ts'
import type { OrderExchange } from '../exchange/order-exchange.ts'
import type { FeedMonitor } from '../intake/feed-monitor.ts'
import type { RefusedStore } from '../intake/refused-store.ts'
import type { PlaceIndex } from '../places/place-index.ts'
import type { Correlator } from '../pipeline/correlator.ts'
import type { LiveFeed } from '../pipeline/live-feed.ts'
import type { Projector } from '../pipeline/projector.ts'
import type { Writer } from '../pipeline/writer.ts'
import type { RegionGround } from '../../projections/region-ground.ts'
import type { Thing } from '../../projections/region-view.ts'
import type { VersionedRows } from '../../projections/rows.ts'
import type { Event } from '../../schemas/event.ts'
import type { VaultHost } from '../vault/vault-host.ts'
import type { Vault } from '../vault/vault.ts'
import type { Caller } from './caller.ts'
import type { Turns } from './in-turn.ts'
import type { Metrics } from './metrics.ts'
import type { RefusalBudget } from './refusal-budget.ts'

/** Everything that the HTTP edge stands on. */
export interface Services {
  readonly config: Config
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly randomId: () => string
  readonly log: EventLog
  readonly writer: Writer
  readonly correlator: Pick<
    Correlator,
    'ready' | 'decided' | 'assess' | 'lag' | 'sizes' | 'ruleset' | 'decides'
  >
  readonly projector: Pick<Projector, 'ready' | 'reached' | 'rebuilds'> & { lag(): { readonly ms: number } }
  readonly rows: VersionedRows
  readonly vault: Vault
  /** People who sign in. */
  readonly access: Access
  /** Only where other processes may ask for it. */
  readonly vaultHost?: VaultHost | undefined
  /** One after the other for each stream that is judged before it is written to. */
  readonly turns: Turns
  readonly places: PlaceIndex
  readonly refused: RefusedStore
  /** Which refusals go into the audit log one by one. */
  readonly refusals: RefusalBudget
  readonly feeds: FeedMonitor
  readonly metrics: Metrics
  readonly live: LiveFeed
  /** The exchange with other products that work on orders. */
  readonly orderExchange?: OrderExchange | undefined
  readonly bulkGate?: BulkGate | undefined
  /** Why the stores write nothing now. */
  readonly diskShortage?: () => string | undefined
}

/**
 * The services as one caller may use them: `rows` holds what they see, `writer` takes what they may touch. For a caller of the
 * whole network they are the services themselves.
 */
export interface OnBehalf extends Services {
  readonly caller: Caller
  /** Unfiltered: what is said of a cause is the same to everybody. */
  readonly wholeRows: VersionedRows
  /** Of the regions that the caller is bound to. */
  readonly ground?: RegionGround | undefined
  /** Whether the caller sees it; false also where it is not there. */
  sees(thing: Thing): Promise<boolean>
  /** Throws a 404 where the caller does not see it, exactly as where it is not there. */
  mustSee(thing: Thing): Promise<void>
  /** The same, and a 403 where it lies in other regions too. */
  mustHold(thing: Thing): Promise<void>
  /** Throws the problem of what reaches beyond the caller's regions. */
  mustReach(event: Event): Promise<void>
}
