import type { ComplaintRow } from '../../projections/complaint-row.ts'
import { membersOfOrder, orderById } from '../../projections/order-queries.ts'
import { outageById } from '../../projections/outage-queries.ts'
import { maxPageLimit } from '../../projections/page.ts'
import type { Rows } from '../../projections/rows.ts'
import type { AnswerRecorded } from '../../schemas/answer-recorded.ts'
import type { CauseRef } from '../../schemas/attribution.ts'
import type { Event } from '../../schemas/event.ts'
import { isKnownCause } from './known-cause.ts'
import { eventOf, readModelsFollow } from './record.ts'
import type { OnBehalf } from './services.ts'

/** The most complaints for which one resolution confirms its cause; the newest go before. */
const maxConfirmed = 10_000

/**
 * An order that was resolved with a cause that is known: that cause is confirmed for its members, as one batch that is undone as
 * one. Who has a cause of a person's choice keeps it. Where it breaks off, the same message sent again completes it.
 */
export async function confirmByOrder(
  services: OnBehalf,
  resolved: Event,
  { outcome, occurredAt }: AnswerRecorded,
): Promise<void> {
  if (resolved.type !== 'OrderResolved' || (outcome !== 'stored' && outcome !== 'duplicate')) return
  const { rows } = services
  const { orderId, root } = resolved.data
  if (root === undefined || !isKnownCause(rows, root)) return
  await readModelsFollow(services)
  const order = orderById(rows, orderId)
  if (order === undefined) return
  const { source } = resolved.meta
  const batchId = `order ${resolved.id}`
  let left = maxConfirmed
  let cursor: string | undefined
  do {
    const page = membersOfOrder(rows, order, { limit: Math.min(left, maxPageLimit), cursor })
    const events = page.items
      .filter((row) => mayBeConfirmed(rows, row, root))
      .map(({ complaintId }) => {
        const notificationId = `${batchId}/${complaintId}`
        const stamp = { source, occurredAt, notificationId }
        const data = { complaintId, cause: root, batchId }
        return eventOf(services, 'CauseConfirmed', data, { stamp, subject: notificationId }) as Event
      })
    if (events.length > 0) await services.writer.write(events)
    left -= page.items.length
    cursor = page.next
  } while (cursor !== undefined && left > 0)
}

/** People win: what somebody confirmed or rejected, of the complaint or of its outage, is not said otherwise by an order. */
function mayBeConfirmed(rows: Rows, { verdicts = [], attribution }: ComplaintRow, cause: CauseRef): boolean {
  const own = verdicts.findLast((act) => act.verdict === 'confirmed' || isSame(act.cause, cause))
  if (own !== undefined) return false
  const outage = attribution?.outageId === undefined ? undefined : outageById(rows, attribution.outageId)
  const ruling = outage?.verdicts?.at(-1)
  if (ruling === undefined) return true
  return ruling.verdict === 'confirmed' ? isSame(ruling.cause, cause) : !isSame(ruling.cause, cause)
}

function isSame(a: CauseRef, b: CauseRef): boolean {
  return a.kind === b.kind && a.id === b.id
}
