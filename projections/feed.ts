import { eventTypes, ownTypes, type EventType } from '../schemas/event.ts'
import { key, prefix } from './key.ts'
import { projection, table, type Draft, type ProjectedEvent } from './projection.ts'
import { eachRow, type Rows } from './rows.ts'

/** What one source sent of one type. Table `feed`, key: source, type. One small row, since every input writes it. */
interface FeedRow {
  readonly source: string
  readonly type: EventType
  readonly count: number
  /** The newest `recordedAt`, and of that event `occurredAt` and how long it was on its way. */
  readonly recordedAt: string
  readonly occurredAt: string
  readonly lagMs: number
  /** The newest `occurredAt` of all. */
  readonly newestAt: string
}

/** What a source sent: the data of `dataAsOf`. */
export interface Feed extends Omit<FeedRow, 'type'> {
  readonly countByType: Readonly<Partial<Record<EventType, number>>>
}

export const feedTable = table<FeedRow>('feed')

const own: ReadonlySet<EventType> = new Set(ownTypes)

/** What comes in, by source. The engine's decisions and the machine's own events are no feed. */
export const feedProjection = projection(
  'feed',
  1,
  Object.fromEntries(eventTypes.filter((type) => !own.has(type)).map((type) => [type, count])),
)

function count({ type, meta: { source }, recordedAt, occurredAt }: ProjectedEvent, rows: Draft): void {
  const before = rows.get(feedTable, key(source, type))
  rows.put(feedTable, key(source, type), {
    source,
    type,
    count: (before?.count ?? 0) + 1,
    recordedAt,
    occurredAt,
    lagMs: Date.parse(recordedAt) - Date.parse(occurredAt),
    newestAt: before === undefined || before.newestAt < occurredAt ? occurredAt : before.newestAt,
  })
}

/** The newest that came of a source: when it came, and when it happened. */
export function newestOfFeed(rows: Rows, source: string): FeedRow | undefined {
  let newest: FeedRow | undefined
  for (const row of eachRow(rows, feedTable, prefix(source))) {
    if (newest === undefined || newest.recordedAt < row.recordedAt) newest = row
  }
  return newest
}

/** Every source, by name. */
export function feeds(rows: Rows): readonly Feed[] {
  const bySource = new Map<string, Feed>()
  for (const row of eachRow(rows, feedTable)) {
    const known = bySource.get(row.source)
    const { type, ...newest } =
      known === undefined || known.recordedAt < row.recordedAt ? row : { ...known, type: row.type }
    bySource.set(row.source, {
      ...newest,
      count: (known?.count ?? 0) + row.count,
      newestAt: known === undefined || known.newestAt < row.newestAt ? row.newestAt : known.newestAt,
      countByType: { ...known?.countByType, [type]: row.count },
    })
  }
  return [...bySource.values()]
}
