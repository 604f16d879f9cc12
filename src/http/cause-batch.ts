import { advisoryById } from '../../projections/advisory.ts'
import {
  advisoryOfBatch,
  causeBatchById,
  eachMemberOfBatch,
  type CauseBatchRow,
} from '../../projections/cause-batch.ts'
import { troubledAt, type ComplaintRow } from '../../projections/complaint-row.ts'
import type { Rows } from '../../projections/rows.ts'
import type { AnswerBatchActed } from '../../schemas/answer-analysis.ts'
import type { CauseRef } from '../../schemas/attribution.ts'
import type { CommandCauseBatch } from '../../schemas/command-analysis.ts'
import type { Event, EventType } from '../../schemas/event.ts'
import { complaintRow } from './complaint-rows.ts'
import { isKnownCause } from './known-cause.ts'
import { notFound, ProblemError, type Fault } from './problem.ts'
import { eventOf, readModelsFollow } from './record.ts'
import type { OnBehalf } from './services.ts'

/** The most faults named in one answer. */
const maxFaults = 50
const readYourWritesMs = 2_000

/**
 * Confirms one cause for many complaints. All are looked at before any is written to; each is then written to its own stream, under
 * ids that follow from the batch, so that where it breaks off the same act sent again completes it.
 */
export async function giveCause(services: OnBehalf, command: CommandCauseBatch): Promise<AnswerBatchActed> {
  await readModelsFollow(services)
  const batchId = command.batchId ?? services.randomId()
  const complaints = complaintsOf(services.rows, command.complaintIds)
  const known = causeBatchById(services.rows, batchId)
  const cause = command.cause ?? { kind: 'advisory' as const, id: advisoryOfBatch(batchId) }
  if (command.cause !== undefined) mustBeKnown(services.rows, command.cause)
  mustBeSame(known, cause)
  const make = maker(services, known?.occurredAt)
  const events = [
    ...(command.typed === undefined
      ? []
      : [make('AdvisoryPublished', typedCause(batchId, command.typed, complaints), batchId)]),
    ...complaints.map(({ complaintId }) =>
      make(
        'CauseConfirmed',
        { complaintId, cause, batchId, note: command.note },
        `${batchId}/${complaintId}`,
      ),
    ),
  ]
  const changed = await write(services, events, 'CauseConfirmed')
  return { batchId, cause, changed }
}

/** Takes a batch back as one: what was taken back alone before stays as it is, and a typed cause is withdrawn. */
export async function undoBatch(
  services: OnBehalf,
  batchId: string,
  reason: string | undefined,
): Promise<AnswerBatchActed> {
  await readModelsFollow(services)
  await services.mustHold({ kind: 'batch', id: batchId })
  const batch = causeBatchById(services.rows, batchId)
  if (batch === undefined) throw notFound('batch', batchId)
  const make = maker(services)
  const members = [...eachMemberOfBatch(services.rows, batchId)].filter(({ undone }) => undone === undefined)
  const advisoryId = advisoryOfBatch(batchId)
  const isTyped = advisoryById(services.rows, advisoryId)?.status === 'published'
  const events = [
    ...members.map(({ eventId }) => make('DecisionUndone', { eventId, reason }, `undo ${eventId}`)),
    ...(isTyped ? [make('AdvisoryWithdrawn', { advisoryId }, `undo ${batchId}`)] : []),
  ]
  const changed = await write(services, events, 'DecisionUndone')
  return { batchId, cause: batch.cause, changed }
}

function maker(services: OnBehalf, occurredAt?: string) {
  return (type: EventType, data: object, notificationId: string): Event =>
    eventOf(services, type, data, {
      stamp: { occurredAt, notificationId },
      subject: notificationId,
    }) as Event
}

async function write(services: OnBehalf, events: readonly Event[], counted: EventType): Promise<number> {
  const outcomes = await services.writer.write(events)
  const last = outcomes.map(({ position }) => position).reduce((a, b) => (a > b ? a : b), '')
  if (last !== '') await services.projector.reached(last, readYourWritesMs)
  return outcomes.filter(({ outcome }, at) => outcome === 'stored' && events[at]?.type === counted).length
}

/** A cause that nobody published: no ground and no elements, so that it explains those that it is given to and no others. */
function typedCause(
  batchId: string,
  { title, advisoryType, words }: NonNullable<CommandCauseBatch['typed']>,
  complaints: readonly ComplaintRow[],
): object {
  const from = complaints.map(({ facts }) => troubledAt(facts)).reduce((a, b) => (a < b ? a : b))
  return {
    advisoryId: advisoryOfBatch(batchId),
    advisoryType,
    title,
    words,
    from,
    elementIds: [],
    outage: {},
  }
}

function complaintsOf(rows: Rows, complaintIds: readonly string[]): readonly ComplaintRow[] {
  const found = [...new Set(complaintIds)].map((id) => [id, complaintRow(rows, id)] as const)
  const errors: Fault[] = found.flatMap(([id, row]) => {
    if (row !== undefined && row.status !== 'withdrawn') return []
    const pointer = `/complaintIds/${complaintIds.indexOf(id)}`
    return [{ in: 'body', pointer, detail: row === undefined ? `no complaint ${id}` : `${id} is withdrawn` }]
  })
  if (errors.length > 0) {
    throw new ProblemError(400, 'Some of the complaints can be given no cause; nothing was recorded.', {
      errors: errors.slice(0, maxFaults),
    })
  }
  return found.flatMap(([, row]) => row ?? [])
}

function mustBeSame(known: CauseBatchRow | undefined, { kind, id }: CauseRef): void {
  if (known === undefined || (known.cause.kind === kind && known.cause.id === id)) return
  throw new ProblemError(409, `Batch ${known.batchId} gave another cause; take another batchId.`)
}

function mustBeKnown(rows: Rows, { kind, id }: CauseRef): void {
  if (isKnownCause(rows, { kind, id })) return
  throw new ProblemError(400, 'The body is not as it should be.', {
    errors: [{ in: 'body', pointer: '/cause/id', detail: `no ${kind} ${id}; type it instead` }],
  })
}
