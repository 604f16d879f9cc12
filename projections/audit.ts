import {
  accessTypes,
  decisionTypes,
  eventTypes,
  machineTypes,
  type AccessType,
  type EventType,
} from '../schemas/event.ts'
import { toInstant, toMs } from '../schemas/instant.ts'
import { detailsOfAct } from './audit-details.ts'
import { actUndone, thingsOf, type AuditThing } from './audit-things.ts'
import { key, newestFirst, prefix } from './key.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { projection, table, type Draft, type ProjectedEvent } from './projection.ts'
import { eachRow, type Rows } from './rows.ts'

/**
 * What feeds deliver. It is told of in the streams and stories of what it is about: to list it here would cost every fold of
 * the log, and bury what people do.
 */
const fedTypes = [
  'ElementRegistered',
  'ElementChanged',
  'ElementRetired',
  'ElementLinked',
  'ElementUnlinked',
  'AlarmRaised',
  'AlarmChanged',
  'AlarmCleared',
  'CustomersSilentReported',
] as const satisfies readonly EventType[]

/** Listed with an actor alone: agents record complaints all day long. */
export const actorOnlyType = 'ComplaintReceived'

/** The one thing that the machine writes and people bring about. */
const rulesType = 'RulesetActivated'

const unlisted: ReadonlySet<EventType> = new Set([...fedTypes, ...decisionTypes, ...machineTypes])

/** What is in the audit log: acts, and who came in, what they saw and what they took along. A new type is, unless it is said not to be. */
export const auditTypes = eventTypes.filter((type) => type === rulesType || !unlisted.has(type))

/** Somebody did or saw something. */
export interface AuditRow {
  readonly eventId: string
  readonly type: EventType
  /** When it was recorded. */
  readonly at: string
  readonly actor: string
  readonly source: string
  /** What it was about. */
  readonly about: readonly AuditThing[]
  /** The rest of what is known of an access; of an act what `audit-details.ts` lets out, the rest is in the story of what it is about. */
  readonly details?: object | undefined
}

/** Key: which order (`time`, `actor`, `type`, `about`), its value, inverted time of recording, event id. */
const audit = table<AuditRow>('audit')

const access: ReadonlySet<EventType> = new Set<AccessType>(accessTypes)

function detailsOf(event: ProjectedEvent, rows: Draft): object | undefined {
  if (access.has(event.type)) return { ...event.data, about: undefined }
  if (event.type !== 'DecisionUndone') return detailsOfAct(event)
  const act = actUndone(rows, event.data.eventId)
  return act && { undone: act.type, ...detailsOfAct(act) }
}

function note(event: ProjectedEvent, rows: Draft): void {
  const { id: eventId, type, recordedAt: at, meta } = event
  // History was somebody else's doing, elsewhere; and the engine acts for nobody.
  if (meta.backfilled || meta.source === 'engine') return
  const about = thingsOf(event, rows)
  const row: AuditRow = {
    eventId,
    type,
    at,
    actor: meta.actor,
    source: meta.source,
    about,
    details: detailsOf(event, rows),
  }
  const put = (order: readonly string[], value: AuditRow) =>
    rows.put(audit, key(...order, newestFirst(at), eventId), value)
  put(['actor', meta.actor], row)
  if (type === actorOnlyType) return
  put(['time'], row)
  put(['type', type], row)
  // A look at a whole list is told of each of them without the others.
  for (const thing of about) put(['about', thing.kind, thing.id], { ...row, about: [thing] })
}

/** Who did or saw what, by time, by person, by type and by thing. */
export const auditProjection = projection(
  'audit',
  2,
  Object.fromEntries(auditTypes.map((type) => [type, note])),
)

export interface AuditQuery {
  readonly actor?: string | undefined
  readonly type?: EventType | undefined
  readonly about?: AuditThing | undefined
  /** From and to when, as `instant`, both of them included. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The newest first. Where several things are asked for, a page may be short and still have a `next`. */
export function auditEntries(rows: Rows, query: AuditQuery, request: PageRequest): Page<AuditRow> {
  const { start, range } = placeOf(query)
  return pageOf(rows, audit, [start], request, (row) => (fits(row, query) ? row : undefined), range)
}

/** All of them, read as they are asked for, the newest first. */
export function* eachAuditEntry(rows: Rows, query: AuditQuery): Generator<AuditRow> {
  const { start, range } = placeOf(query)
  for (const row of eachRow(rows, audit, start, range)) if (fits(row, query)) yield row
}

/** Where in the table that lies which must be looked through. */
function placeOf({ actor, type, about, from, to }: AuditQuery) {
  const order =
    about !== undefined
      ? ['about', about.kind, about.id]
      : actor !== undefined
        ? ['actor', actor]
        : type !== undefined
          ? ['type', type]
          : ['time']
  return {
    start: prefix(...order),
    range: {
      ...(to === undefined ? {} : { from: key(...order, newestFirst(to)) }),
      ...(from === undefined ? {} : { to: key(...order, newestFirst(toInstant(toMs(from) - 1))) }),
    },
  }
}

function fits(row: AuditRow, { actor, type }: AuditQuery): boolean {
  return (actor === undefined || row.actor === actor) && (type === undefined || row.type === type)
}
