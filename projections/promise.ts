import { actRef, actUndoneBy, type ActRef } from './act.ts'
import { complaints, memberOutage, type ComplaintRow } from './complaint-row.ts'
import { key, newestFirst } from './key.ts'
import { headOf } from './merged.ts'
import { outageById, type OutageView } from './outage-queries.ts'
import { outages } from './outage.ts'
import { projection, table } from './projection.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** An end that a customer was told. What was taken back is gone. */
interface PromiseRow extends ActRef {
  readonly complaintId: string
  readonly statedEnd: string
}

/** Key: inverted stated end, event id. */
const promises = table<PromiseRow>('promise')

/** Ends that customers were told, by when those were to come. */
export const promiseProjection = projection('promise', 1, {
  ReplyGiven: (event, rows) => {
    const { complaintId, statedEnd } = event.data
    if (statedEnd === undefined || event.meta.backfilled) return
    rows.put(promises, key(newestFirst(statedEnd), event.id), { ...actRef(event), complaintId, statedEnd })
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type !== 'ReplyGiven' || undone.data.statedEnd === undefined) return
    rows.put(promises, key(newestFirst(undone.data.statedEnd), undone.id), undefined)
  },
})

/** An end that customers were told and that passed while their trouble went on: those of one outage and one end together. */
export interface BrokenPromise {
  readonly promised: string
  readonly outageId?: string | undefined
  readonly title?: string | undefined
  readonly repairedAt?: string | undefined
  readonly complaints: number
  /** The first `maxComplaintsNamed`. */
  readonly complaintIds: readonly string[]
}

/** The most complaints that are named beside one broken promise. */
const maxComplaintsNamed = 20

/**
 * What was promised for a span of time (two `instant`s) and not kept, the latest first. Kept: what explains the complaint was
 * repaired by then, or the complaint resolved, or the customer called and fine. Whoever was told another end before that one came
 * was promised that other one. At most `max` promises are looked at.
 */
export function brokenPromises(
  rows: Rows,
  since: string,
  until: string,
  max: number,
): { readonly items: readonly BrokenPromise[]; readonly complete: boolean } {
  const groups = new Map<string, BrokenPromise>()
  const seen = new Map<string, OutageView | undefined>()
  const outageOf = (id: string): OutageView | undefined => {
    const head = headOf(rows, outages, id)
    if (!seen.has(head)) seen.set(head, outageById(rows, head))
    return seen.get(head)
  }
  let read = 0
  // Keys of the same end differ by event id, so the oldest end is taken in whole.
  const range = { from: key(newestFirst(until)), to: key(newestFirst(since), '\uffff') }
  for (const promise of eachRow(rows, promises, '', range)) {
    if (read >= max) return { items: [...groups.values()], complete: false }
    read += 1
    const row = rowOf(rows, complaints, key(promise.complaintId))
    if (row === undefined || row.status === 'withdrawn' || isReplaced(row, promise)) continue
    const { complaintId, statedEnd } = promise
    const member = memberOutage(row)
    const outage = member === undefined ? undefined : outageOf(member)
    if (isKept(row, outage, statedEnd)) continue
    const name = key(outage?.outageId ?? complaintId, statedEnd)
    const group = groups.get(name)
    groups.set(name, {
      promised: statedEnd,
      outageId: outage?.outageId,
      title: outage?.title,
      repairedAt: outage?.repairedAt,
      complaints: (group?.complaints ?? 0) + 1,
      complaintIds: [...(group?.complaintIds ?? []), complaintId].slice(0, maxComplaintsNamed),
    })
  }
  return { items: [...groups.values()], complete: true }
}

/** Another reply came before the end of this one. */
function isReplaced({ replies = [] }: ComplaintRow, { position, statedEnd }: PromiseRow): boolean {
  return replies.some((reply) => reply.position > position && reply.at < statedEnd)
}

function isKept(
  { resolutions, callbacks }: ComplaintRow,
  outage: OutageView | undefined,
  statedEnd: string,
): boolean {
  const over = outage?.repairedAt ?? outage?.ended?.at
  return (
    (over !== undefined && over <= statedEnd) ||
    resolutions?.some(({ at }) => at <= statedEnd) === true ||
    callbacks?.some(({ outcome, at }) => outcome === 'fine' && at <= statedEnd) === true
  )
}
