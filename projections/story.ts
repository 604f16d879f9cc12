import type { EventType } from '../schemas/event.ts'
import { key, prefix } from './key.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import type { Draft, ProjectedEvent, Table } from './projection.ts'
import type { Rows } from './rows.ts'

/** What happened to one thing, one entry an event, in the order of the log. Key: its id, position. */
export interface StoryEntry {
  readonly position: string
  readonly eventId: string
  readonly type: EventType
  readonly occurredAt: string
  readonly recordedAt: string
  readonly actor: string
  readonly source: string
  /** Loaded from history. */
  readonly backfilled?: true | undefined
  /** What the event said, without what lies in rows of its own. */
  readonly data: object
}

export function tell(
  event: ProjectedEvent,
  rows: Draft,
  story: Table<StoryEntry>,
  id: string,
  data: object,
): void {
  rows.put(story, key(id, event.position), {
    position: event.position,
    eventId: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    actor: event.meta.actor,
    source: event.meta.source,
    backfilled: event.meta.backfilled,
    data,
  })
}

/** The oldest entries first. */
export function storyOf(
  rows: Rows,
  story: Table<StoryEntry>,
  id: string,
  request: PageRequest,
): Page<StoryEntry> {
  return pageOf(rows, story, [prefix(id)], request, (entry) => entry)
}
