import type { LonLat } from '../schemas/geo.ts'
import type { Service } from '../schemas/service.ts'
import type { FeedSilence } from './feed-silence.ts'
import type { Counts } from './members.ts'
import type { Mute } from './mute.ts'
import { union, type Box } from './quadkey.ts'

/**
 * A row of the list that network operations watches: an outage, a cluster of complaints that nothing explains, or a source
 * that fell silent, so that nobody knows what it would tell.
 */
export interface Notice extends Counts {
  readonly kind: 'outage' | 'cluster' | 'feed'
  readonly id: string
  /** Nobody knows the cause of a cluster: something may have failed unseen. */
  readonly state: 'suspected' | 'open' | 'watched' | 'restored'
  readonly since: string
  readonly title?: string | undefined
  /** Of a cluster: what its customers complain of. */
  readonly family?: string | undefined
  /** Of a source: why nothing that it tells can be relied on. */
  readonly reason?: FeedSilence['reason'] | undefined
  readonly services?: readonly Service[] | undefined
  readonly network?: string | undefined
  readonly point?: LonLat | undefined
  readonly box?: Box | undefined
  /** Customers more than `growthMs` ago. */
  readonly growth: number
  readonly subscribers?: number | undefined
  readonly points: number
  /** Every outage of the row is. */
  readonly acknowledged: boolean
  /** The one owner of all outages of the row. */
  readonly owner?: string | undefined
  readonly expectedEnd?: string | undefined
  /** Its stated end has passed, and it is not over. */
  readonly overdue?: true | undefined
  /** Every outage of the row is: the mute that ends first. */
  readonly muted?: Mute | undefined
  /** Where the row is of several outages, all of them: they began together under one element, and no alarm says why. */
  readonly together?: readonly OutageInRow[] | undefined
}

/** An outage of a row of several, and what people did about it: acts are on the outages one by one. */
type OutageInRow = Pick<Notice, 'id' | 'title' | 'state' | 'acknowledged' | 'owner' | 'muted'>

/** A row that is not ranked yet. */
export type NoticeDraft = Omit<Notice, 'points'>

/** One row of all (none where there is nothing) under the name of the first: it is over when all are. */
export function joined(outages: readonly NoticeDraft[]): readonly NoticeDraft[] {
  const [first, ...others] = outages
  if (first === undefined) return []
  if (others.length === 0) return [first]
  return [{ ...others.reduce(sumOfTwo, first), together: outages.map(inRow) }]
}

/** Whose the outages of a row are, one by one; `undefined` for one that nobody has. */
export function ownersOf(notice: Notice): readonly (string | undefined)[] {
  return (notice.together ?? [notice]).map(({ owner }) => owner)
}

function inRow({ id, title, state, acknowledged, owner, muted }: NoticeDraft): OutageInRow {
  return { id, title, state, acknowledged, owner, muted }
}

const stages = ['open', 'watched', 'restored'] as const

function sumOfTwo(row: NoticeDraft, other: NoticeDraft): NoticeDraft {
  return {
    ...row,
    state: stages.find((state) => state === row.state || state === other.state) ?? row.state,
    since: other.since < row.since ? other.since : row.since,
    box: row.box && other.box ? union(row.box, other.box) : (row.box ?? other.box),
    complaints: row.complaints + other.complaints,
    customers: row.customers + other.customers,
    growth: row.growth + other.growth,
    subscribers: sumOf(row.subscribers, other.subscribers),
    acknowledged: row.acknowledged && other.acknowledged,
    owner: row.owner === other.owner ? row.owner : undefined,
    overdue: row.overdue ?? other.overdue,
    muted: row.muted && other.muted && (other.muted.until < row.muted.until ? other.muted : row.muted),
  }
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}
