import type { CauseRef } from '../schemas/attribution.ts'
import { actRef, actUndoneBy, type ActRef } from './act.ts'
import { key, newestFirst } from './key.ts'
import { projection, table, type Draft } from './projection.ts'

/** A cause that a person rejected, on an outage or for one complaint. What was taken back is gone. */
export interface RejectionRow extends ActRef {
  readonly about: { readonly kind: 'outage' | 'complaint'; readonly id: string }
  readonly cause: CauseRef
  readonly note?: string | undefined
}

/** Key: inverted time of recording, event id. */
export const rejectionsByTime = table<RejectionRow>('rejection')

/** Causes that people rejected, by when they did. */
export const rejectionProjection = projection('rejection', 1, {
  OutageRejected: (event, rows) => {
    const { outageId, cause, note } = event.data
    put(rows, event, { ...actRef(event), about: { kind: 'outage', id: outageId }, cause, note })
  },
  CauseRejected: (event, rows) => {
    const { complaintId, cause, note } = event.data
    put(rows, event, { ...actRef(event), about: { kind: 'complaint', id: complaintId }, cause, note })
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type === 'OutageRejected' || undone?.type === 'CauseRejected') put(rows, undone, undefined)
  },
})

function put(
  rows: Draft,
  { id, recordedAt }: { readonly id: string; readonly recordedAt: string },
  row: RejectionRow | undefined,
): void {
  rows.put(rejectionsByTime, key(newestFirst(recordedAt), id), row)
}
