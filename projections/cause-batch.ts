import type { CauseRef } from '../schemas/attribution.ts'
import { actRef, actUndoneBy, type ActRef } from './act.ts'
import { key, newestFirst, prefix } from './key.ts'
import { pageOfList, type ListEntry } from './listing.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { projection, table } from './projection.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** Complaints that were given one cause by one act. Table `cause-batch`, key: batch id. */
export interface CauseBatchRow {
  readonly batchId: string
  readonly cause: CauseRef
  readonly note?: string | undefined
  readonly occurredAt: string
  readonly recordedAt: string
  readonly actor: string
  readonly complaints: number
  /** How many of them were taken back. */
  readonly undone: number
}

/** One complaint of a batch: the confirmation, and what took it back. Key: batch id, complaint id. */
export interface CauseBatchMember {
  readonly complaintId: string
  readonly eventId: string
  readonly undone?: ActRef | undefined
}

const batches = table<CauseBatchRow>('cause-batch')
const members = table<CauseBatchMember>('cause-batch.member')
/** Key: inverted time of recording, batch id. */
const batchList = table<ListEntry>('cause-batch.list')

export const causeBatchProjection = projection('cause-batch', 1, {
  CauseConfirmed: (event, rows) => {
    const { batchId, complaintId, cause, note } = event.data
    if (batchId === undefined) return
    const { occurredAt, recordedAt } = event
    const at = key(batchId, complaintId)
    if (rows.get(members, at) !== undefined) return
    rows.put(members, at, { complaintId, eventId: event.id })
    const batch = rows.get(batches, key(batchId))
    if (batch === undefined) rows.put(batchList, key(newestFirst(recordedAt), batchId), { id: batchId })
    rows.put(batches, key(batchId), {
      batchId,
      cause,
      note,
      occurredAt,
      recordedAt,
      actor: event.meta.actor,
      undone: 0,
      ...batch,
      complaints: (batch?.complaints ?? 0) + 1,
    })
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type !== 'CauseConfirmed' || undone.data.batchId === undefined) return
    const { batchId, complaintId } = undone.data
    const member = rows.get(members, key(batchId, complaintId))
    const batch = rows.get(batches, key(batchId))
    if (member?.eventId !== undone.id || member.undone !== undefined || batch === undefined) return
    rows.put(members, key(batchId, complaintId), { ...member, undone: actRef(event) })
    rows.put(batches, key(batchId), { ...batch, undone: batch.undone + 1 })
  },
})

/** The cause that was typed with a batch is published under this id. */
export function advisoryOfBatch(batchId: string): string {
  return `${typedWith}${batchId}`
}
const typedWith = 'batch '

/** The batch that a cause was typed with. */
export function batchOfAdvisory(advisoryId: string): string | undefined {
  return advisoryId.startsWith(typedWith) ? advisoryId.slice(typedWith.length) : undefined
}

export function causeBatchById(rows: Rows, batchId: string): CauseBatchRow | undefined {
  return rowOf(rows, batches, key(batchId))
}

/** The newest first. */
export function causeBatches(rows: Rows, request: PageRequest): Page<CauseBatchRow> {
  return pageOfList(rows, batchList, [[]], request, (id) => causeBatchById(rows, id))
}

export function membersOfBatch(rows: Rows, batchId: string, request: PageRequest): Page<CauseBatchMember> {
  return pageOf(rows, members, [prefix(batchId)], request, (member) => member)
}

export function eachMemberOfBatch(rows: Rows, batchId: string): Iterable<CauseBatchMember> {
  return eachRow(rows, members, prefix(batchId))
}
