import type { ComplaintDraft } from '../../schemas/command-complaint.ts'
import { contentNotification } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import { newEvent } from '../domain/new-event.ts'
import { AppendRefusedError } from '../event-log/event-log.ts'
import { readDraft } from '../intake/read-draft.ts'
import { sealNewPersonal } from '../intake/seal-personal.ts'
import { timeFaults } from '../intake/time-faults.ts'
import { troubleTold } from '../intake/trouble-told.ts'
import type { Writer, WriteOutcome } from '../pipeline/writer.ts'
import type { PlaceIndex } from '../places/place-index.ts'
import type { Vault } from '../vault/vault.ts'
import type { Draft } from './draft.ts'
import type { ImportTarget, SourcedDraft, Written } from './import-target.ts'

export interface LogTargetOptions {
  readonly writer: Pick<Writer, 'write'>
  readonly vault: Vault
  /** Where complaints that name a place without coordinates are looked up. */
  readonly places: PlaceIndex
  /** The zone of a source's clock, by which times in customers' words are read; left out: none is read. */
  readonly zoneOf?: ((source: string) => string | undefined) | undefined
  readonly clockMs: () => number
  readonly actor: string
  /** `recordedAt` comes from the file, and events are marked. */
  readonly backfill: boolean
  readonly maxFutureMs: number
}

const differsReason = 'is known already with other content; what is stored stays'

/** What a draft becomes, and what is sealed beside it. */
interface Sealable {
  readonly event: Event
  readonly personal: Readonly<Record<string, string>>
}

export interface LogTarget extends ImportTarget {
  /** The id that an item's event has or will have. */
  readonly idOf: (item: SourcedDraft) => string
}

/** Writes into a log of this process. Personal fields are sealed before the event that they belong to is stored. */
export function createLogTarget(options: LogTargetOptions): LogTarget {
  const { writer, vault, clockMs, maxFutureMs } = options

  async function sealed(item: SourcedDraft): Promise<Judged> {
    const nowMs = clockMs()
    const { event, personal } = sealable(item, nowMs, options)
    const [fault] = timeFaults(event, nowMs, maxFutureMs)
    if (fault !== undefined) return { item, reason: `${fault.pointer.split('/').at(-1)} ${fault.detail}` }
    if (event.type === 'ComplaintReceived') {
      await sealNewPersonal(vault, event.data.complaintId, event.data.customerRef, personal)
    }
    return { item, event }
  }

  return {
    idOf: (item) => sealable(item, clockMs(), options).event.id,
    async write(items): Promise<Written> {
      const judged = await Promise.all(items.map(sealed))
      const accepted = judged.filter((one) => 'event' in one)
      const outcomes = await written(
        writer,
        accepted.map(({ event }) => event),
      )
      return {
        stored: outcomes.filter((outcome) => outcome === 'stored').length,
        known: outcomes.filter((outcome) => outcome === 'duplicate').length,
        refused: [
          ...judged.filter((one) => 'reason' in one),
          ...accepted.flatMap(({ item }, at) => {
            const outcome = outcomes[at]
            if (outcome === 'differs') return [{ item, reason: differsReason }]
            return typeof outcome === 'object' ? [{ item, reason: outcome.refused }] : []
          }),
        ],
        unlisted: 0,
      }
    },
  }
}

type Judged =
  | { readonly item: SourcedDraft; readonly event: Event }
  | { readonly item: SourcedDraft; readonly reason: string }

type Outcome = WriteOutcome['outcome'] | { readonly refused: string }

/** Events that the log does not take in company are written alone, so that the one which it never takes is found. */
async function written(writer: Pick<Writer, 'write'>, events: readonly Event[]): Promise<readonly Outcome[]> {
  try {
    return (await writer.write(events)).map(({ outcome }) => outcome)
  } catch (error) {
    if (!(error instanceof AppendRefusedError) || error.reason === 'queue-full') throw error
    const [only] = events
    if (events.length === 1 && only !== undefined) return [{ refused: `cannot be stored: ${error.message}` }]
  }
  const outcomes: Outcome[] = []
  for (const event of events) outcomes.push(...(await written(writer, [event])))
  return outcomes
}

function sealable({ source, draft }: SourcedDraft, nowMs: number, options: LogTargetOptions): Sealable {
  const stamp = { source, draft, nowMs, options }
  if (draft.type !== 'ComplaintReceived')
    return { event: stamped(stamp, draft.data, draft.notification), personal: {} }
  const complaint = draft.data as ComplaintDraft
  const { fields, place, personal: words, customer } = readDraft(complaint, options.places)
  // The name of a place that no map has, or several times, is not lost: it stays with the customer's words.
  const spoken = place.kind === 'found' ? undefined : complaint.place?.name
  const personal = spoken === undefined ? words : { ...words, place: spoken }
  const { vault } = options
  const facts = {
    ...fields,
    reportedAt: draft.occurredAt,
    ...(customer === undefined ? {} : { customerRef: vault.customerRef(customer) }),
  }
  // Personal content names a complaint only as a keyed hash, lest anybody try numbers out on its id.
  const complaintId =
    complaint.id ??
    contentNotification('complaint', draft.occurredAt, {
      facts,
      hash: vault.customerRef(JSON.stringify(personal)),
    })
  const told = { reportedAt: draft.occurredAt, zone: options.zoneOf?.(source) }
  const trouble = troubleTold(facts.trouble, complaint.text, told)
  const event = stamped(stamp, { ...facts, trouble, complaintId }, complaintId)
  return { event, personal }
}

interface Stamp {
  readonly source: string
  readonly draft: Draft
  readonly nowMs: number
  readonly options: Pick<LogTargetOptions, 'actor' | 'backfill'>
}

function stamped(
  { source, draft, nowMs, options: { actor, backfill } }: Stamp,
  data: object,
  notification: string,
): Event {
  const event = newEvent(draft.type, data as never, {
    subject: '',
    notification,
    occurredAt: draft.occurredAt,
    recordedAt: backfill ? draft.recordedAt : toInstant(nowMs),
    meta: { source, actor, ...(backfill ? { backfilled: true as const } : {}) },
  })
  return event as Event
}
