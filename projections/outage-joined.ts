import { key } from './key.ts'
import { absorb, maxParts } from './merged.ts'
import { withStep } from './outage-lineage.ts'
import { changeOutage, outages, type OutageRow } from './outage.ts'
import type { Draft } from './projection.ts'

/*
 * "These two are one", a person says, and that holds whatever the engine makes of their roots. Links by hand run between the heads
 * of what the engine holds for one; where it merges or splits, they are taken off and laid anew around its own.
 */

interface Said {
  readonly id: string
  readonly recordedAt: string
}

/** Joins two outages at a person's word. An outage that was joined before, or stands in the other already, stays as it is. */
export function joinOutages(rows: Draft, said: Said, fromId: string, intoId: string): void {
  const from = rows.get(outages, key(fromId))
  if (from === undefined || from.joined !== undefined || rows.get(outages, key(intoId)) === undefined) return
  if (headIn(rows, fromId) === headIn(rows, intoId)) return
  changeOutage(rows, intoId, (row) => ({ ...row, lineage: withStep(row.lineage, said, 'absorbed', fromId) }))
  changeOutage(rows, fromId, (row) => ({
    ...row,
    joined: { eventId: said.id, at: said.recordedAt, intoId },
    lineage: withStep(row.lineage, said, 'merged', intoId),
  }))
  link(rows, fromId)
}

/** Takes such a word back. */
export function partOutages(rows: Draft, said: Said, fromId: string, eventId: string): void {
  const joined = rows.get(outages, key(fromId))?.joined
  if (joined?.eventId !== eventId) return
  joinedAround(rows, [fromId], () => {
    changeOutage(rows, fromId, (row) => ({
      ...row,
      joined: undefined,
      lineage: withStep(row.lineage, said, 'split-from', joined.intoId),
    }))
    changeOutage(rows, joined.intoId, (row) => ({
      ...row,
      lineage: withStep(row.lineage, said, 'split-off', fromId),
    }))
  })
}

/** Lets the engine merge or split some outages by itself, and lays what people joined around that. */
export function joinedAround(rows: Draft, ids: readonly string[], change: () => void): void {
  const group = groupOf(rows, ids)
  const words = group.filter((id) => rows.get(outages, key(id))?.joined !== undefined)
  for (const id of words) unlink(rows, id)
  change()
  for (const id of words) link(rows, id)
}

/** All that stands in one with these, by the engine's word or a person's. */
function groupOf(rows: Draft, ids: readonly string[]): readonly string[] {
  const group = [...new Set(ids.map((id) => headIn(rows, id)))]
  const seen = new Set(group)
  for (let at = 0; at < group.length && group.length < maxParts; at += 1) {
    for (const { id } of rows.get(outages, key(group[at] ?? ''))?.absorbed ?? []) {
      if (seen.has(id)) continue
      seen.add(id)
      group.push(id)
    }
  }
  return group
}

function headIn(rows: Draft, id: string): string {
  let head = id
  for (let steps = 0; steps < maxParts; steps += 1) {
    const next = rows.get(outages, key(head))?.mergedInto?.id
    if (next === undefined) return head
    head = next
  }
  return head
}

function link(rows: Draft, originId: string): void {
  const joined = rows.get(outages, key(originId))?.joined
  if (joined === undefined) return
  const { at, eventId } = joined
  const [from, into] = [headIn(rows, originId), headIn(rows, joined.intoId)]
  if (from !== into) {
    const by = { at, eventId, byHand: true } as const
    changeOutage(rows, from, (row) => ({ ...row, mergedInto: { ...by, id: into } }))
    changeOutage(rows, into, (row) => ({ ...row, absorbed: absorb(row.absorbed, { ...by, id: from }) }))
  }
  setLinkedFrom(rows, originId, from === into ? undefined : from)
}

function unlink(rows: Draft, originId: string): void {
  const joined = rows.get(outages, key(originId))?.joined
  const from = joined?.linkedFrom
  if (joined === undefined || from === undefined) return
  const into = rows.get(outages, key(from))?.mergedInto
  if (into?.eventId !== joined.eventId) return
  changeOutage(rows, from, (row) => ({ ...row, mergedInto: undefined }))
  changeOutage(rows, into.id, (row) => ({
    ...row,
    absorbed: row.absorbed?.filter(({ eventId }) => eventId !== joined.eventId),
  }))
  setLinkedFrom(rows, originId, undefined)
}

function setLinkedFrom(rows: Draft, originId: string, linkedFrom: string | undefined): void {
  changeOutage(rows, originId, (row: OutageRow) => ({
    ...row,
    joined: row.joined && { ...row.joined, linkedFrom },
  }))
}
