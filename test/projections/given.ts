import { allProjections } from '../../projections/all-projections.ts'
import { eventData, schemaVersionOf, type DataOf, type Event, type EventType } from '../../schemas/event.ts'
import { eventId } from '../../schemas/event-id.ts'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { toPosition } from '../../src/event-log/position.ts'
import { projectEvents } from '../../src/pipeline/project-events.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'

export const noon = '2026-03-01T04:00:00.000Z'

interface Saying {
  readonly at?: string
  readonly recordedAt?: string
  readonly source?: string
  readonly actor?: string
  readonly backfilled?: true
}

/** An event as a sender would say it; data is checked and completed by its schema. */
export function said<T extends EventType>(
  type: T,
  data: Record<string, unknown>,
  { at = noon, recordedAt = at, source = 'nms', actor = 'unverified', backfilled }: Saying = {},
): Event {
  const meta = { source, actor, ...(backfilled && { backfilled }) }
  const parsed = eventData[type].parse(data) as DataOf<T>
  return {
    id: eventId(source, type, JSON.stringify([data, at, recordedAt])),
    type,
    schemaVersion: schemaVersionOf(type),
    occurredAt: at,
    recordedAt,
    data: parsed,
    meta,
  } as Event
}

export function inLog(events: readonly Event[]): readonly RecordedEvent[] {
  return events.map((event, at) => ({ ...event, stream: 'any', revision: at, position: toPosition(at + 1) }))
}

/** The rows after these events. */
export function given(...events: readonly Event[]): RowStore {
  const store = openMemoryRowStore()
  projectEvents(store, allProjections)(inLog(events))
  return store
}

const bilingual = { zh: '词', en: 'words' }

export function complaint(
  complaintId: string,
  more: Record<string, unknown> = {},
  saying: Saying = {},
): Event {
  return said(
    'ComplaintReceived',
    { complaintId, reportedAt: saying.at ?? noon, ...more },
    { source: 'crm', ...saying },
  )
}

export function attributed(
  complaintId: string,
  more: Record<string, unknown> = {},
  saying: Saying = {},
): Event {
  return said(
    'CauseAttributed',
    {
      complaintId,
      verdict: 'explained',
      chain: [],
      probability: 0.9,
      noneProbability: 0.1,
      evidence: [{ term: 'distance', weightNats: 1.5, figures: { meters: 120 } }],
      alternatives: [],
      restProbability: 0,
      band: 'say',
      words: bilingual,
      detail: bilingual,
      ruleset: 'r1',
      engineVersion: '1',
      ...more,
    },
    { source: 'engine', actor: 'engine', ...saying },
  )
}

export function outageOpened(
  outageId: string,
  more: Record<string, unknown> = {},
  saying: Saying = {},
): Event {
  return said(
    'OutageOpened',
    {
      outageId,
      root: { kind: 'alarm', id: 'nms/1@2026-03-01T04:00:00.000Z' },
      title: '白马花园 out of service',
      because: 'complaint',
      state: 'open',
      since: saying.at ?? noon,
      services: ['mobile'],
      ...more,
    },
    { source: 'engine', actor: 'engine', ...saying },
  )
}
