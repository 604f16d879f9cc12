import { eachMemberOfBatch } from './cause-batch.ts'
import { byCluster, complaints, looseCluster, type ComplaintRow } from './complaint-row.ts'
import { key } from './key.ts'
import type { ListEntry } from './listing.ts'
import type { Counts } from './members.ts'
import { affectedElements, type Extent } from './outage-extent.ts'
import type { Table } from './projection.ts'
import { maxMembersLookedAt, type Looking } from './region-view.ts'
import { eachRow, rowOf } from './rows.ts'

/*
 * How much of an outage, a cluster or a batch is seen. What is counted as events come is of the whole network, so it is counted
 * anew, over at most `maxMembersLookedAt`.
 */

/** Of the group whose key it is, as the members that a list files under it. */
export function countMembers(looking: Looking, list: Table<ListEntry>, group: string): Counts {
  return countSeen(looking, list, group, () => true)
}

/** Those of a cluster that still wait for an explanation. */
export function countLoose(looking: Looking, cluster: string): Counts {
  return countSeen(looking, byCluster, cluster, (row) => {
    const id = looseCluster(row)
    return id !== undefined && key(id) === cluster
  })
}

function countSeen(
  { rows, view }: Looking,
  list: Table<ListEntry>,
  group: string,
  isCounted: (row: ComplaintRow) => boolean,
): Counts {
  const known = new Set<string>()
  let [looked, complaintCount, unknown] = [0, 0, 0]
  for (const { id } of eachRow(rows, list, under(group))) {
    looked += 1
    if (looked > maxMembersLookedAt) break
    const row = rowOf(rows, complaints, key(id))
    if (row === undefined || !view.seesComplaint(row) || !isCounted(row)) continue
    complaintCount += 1
    const { customerRef } = row.facts
    if (customerRef === undefined) unknown += 1
    else known.add(customerRef)
  }
  return { complaints: complaintCount, customers: known.size + unknown }
}

/** The elements and alarms of an outage. */
export function countNetwork({ rows, sees }: Looking, outage: string): Extent {
  const sum = { elements: 0, alarms: 0 }
  let looked = 0
  for (const { elementId, alarmCount } of eachRow(rows, affectedElements, under(outage))) {
    looked += 1
    if (looked > maxMembersLookedAt) break
    if (!sees('element', elementId)) continue
    sum.elements += 1
    sum.alarms += alarmCount
  }
  return sum
}

export function countBatch(
  { rows, sees }: Looking,
  batchId: string,
): { readonly complaints: number; readonly undone: number } {
  const sum = { complaints: 0, undone: 0 }
  for (const { complaintId, undone } of eachMemberOfBatch(rows, batchId)) {
    if (!sees('complaint', complaintId)) continue
    sum.complaints += 1
    sum.undone += undone === undefined ? 0 : 1
  }
  return sum
}

/** Every key that begins with the parts of this one. */
function under(group: string): string {
  return `${group}\u001f`
}
