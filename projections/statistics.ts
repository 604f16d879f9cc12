import type { CauseAttributed } from '../schemas/attribution.ts'
import type { ComplaintReceived } from '../schemas/complaint.ts'
import { actUndoneBy, maxActsKept, type UndoneAct } from './act.ts'
import { enterCall, removeCall, type CallChange } from './customer-calls.ts'
import { key } from './key.ts'
import { localDays, type Day } from './local-day.ts'
import { projection, type Draft, type ProjectedEventOf } from './projection.ts'
import {
  complaintTallies,
  countedComplaints,
  countedOutages,
  outageTallies,
  utc,
  zone,
  type CountedComplaint,
  type CountedFacts,
  type CountedOutage,
  type StandingCause,
} from './statistics-row.ts'
import { changeElement, registerElement } from './statistics-subscribers.ts'
import { sharesOfComplaint, sharesOfOutage } from './statistics-shares.ts'
import { moveShares } from './tally.ts'

/**
 * Figures by day: sums of what each complaint and outage adds, taken back and added anew when it changes, so that they come out
 * the same in whatever order things were told. A day is one of the zone of the ruleset that was in force when the complaint
 * or outage was first told. Queries: `statistics-queries.ts`, `planning-queries.ts`.
 */
export const statisticsProjection = projection('statistics', 1, {
  RulesetActivated: (event, rows) => {
    rows.put(zone, 'zone', { timeZone: event.data.ruleset.timeZone })
  },
  ComplaintReceived: receive,
  ComplaintAmended: (event, rows) => {
    const { complaintId, set, unset = [] } = event.data
    changeComplaint(rows, complaintId, (row) => {
      const facts: Record<string, unknown> = { ...row.facts, ...countedFacts(set) }
      for (const name of unset) delete facts[name]
      return { ...row, facts }
    })
  },
  ComplaintWithdrawn: (event, rows) => withdraw(rows, event.data.complaintId, event.id),
  CauseAttributed: (event, rows) =>
    changeComplaint(rows, event.data.complaintId, (row) => ({
      ...row,
      cause: standingCause(row.cause, event.data, event.recordedAt),
    })),
  ReplyGiven: (event, rows) => {
    const { complaintId, statedEnd } = event.data
    const reply = { eventId: event.id, at: event.occurredAt, statedEnd }
    changeComplaint(rows, complaintId, (row) => ({
      ...row,
      // The first replies are those that count.
      replies: [...row.replies, reply]
        .toSorted((a, b) => (a.at === b.at ? (a.eventId < b.eventId ? -1 : 1) : a.at < b.at ? -1 : 1))
        .slice(0, maxActsKept),
    }))
  },
  ComplaintDispatched: (event, rows) =>
    changeComplaint(rows, event.data.complaintId, (row) => ({
      ...row,
      dispatches: [...row.dispatches, { eventId: event.id }].slice(-maxActsKept),
    })),
  CallbackMade: (event, rows) => {
    const { complaintId, outcome } = event.data
    const callback = { eventId: event.id, day: dayOf(rows, event.occurredAt), outcome }
    changeComplaint(rows, complaintId, (row) => ({
      ...row,
      callbacks: [...row.callbacks, callback].slice(-maxActsKept),
    }))
  },
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone !== undefined) undo(rows, undone)
  },
  OutageOpened: (event, rows) => {
    const { outageId, root, since, services, network, point, box } = event.data
    const held = rows.get(countedOutages, key(outageId))
    putOutage(rows, outageId, {
      day: dayOf(rows, since),
      rootKind: root.kind,
      services,
      network,
      point,
      box: box ?? held?.box,
    })
  },
  OutageChanged: (event, rows) => {
    const { outageId, root, services, point, box } = event.data
    const row = rows.get(countedOutages, key(outageId))
    if (row === undefined) return
    putOutage(rows, outageId, {
      ...row,
      rootKind: root?.kind ?? row.rootKind,
      services: services ?? row.services,
      point: point ?? row.point,
      box: box ?? row.box,
    })
  },
  OutageEnded: (event, rows) => {
    const { outageId, reason } = event.data
    const row = rows.get(countedOutages, key(outageId))
    if (row !== undefined) putOutage(rows, outageId, { ...row, ended: reason })
  },
  ElementRegistered: (event, rows) => registerElement(rows, event.data),
  ElementChanged: (event, rows) => {
    const { elementId, set, unset = [] } = event.data
    const { location, ...others } = set
    changeElement(rows, elementId, (facts) => {
      const changed: Record<string, unknown> = {
        ...facts,
        ...others,
        ...(location && { point: location.point }),
      }
      for (const name of unset) delete changed[name === 'location' ? 'point' : name]
      return changed
    })
  },
  ElementRetired: (event, rows) =>
    changeElement(rows, event.data.elementId, (facts) => ({ ...facts, retired: true })),
})

const daysOfZone = new Map<string, (instant: string) => Day>()

function dayOf(rows: Draft, instant: string): Day {
  const { timeZone } = rows.get(zone, 'zone') ?? { timeZone: utc }
  const known = daysOfZone.get(timeZone) ?? localDays(timeZone)
  daysOfZone.set(timeZone, known)
  return known(instant)
}

function receive(event: ProjectedEventOf<'ComplaintReceived'>, rows: Draft): void {
  const { complaintId, reportedAt, customerRef } = event.data
  if (rows.get(countedComplaints, key(complaintId)) !== undefined) return
  const row: CountedComplaint = {
    complaintId,
    day: dayOf(rows, reportedAt),
    reportedAt,
    customerRef,
    backfilled: event.meta.backfilled,
    facts: countedFacts(event.data),
    replies: [],
    callbacks: [],
    dispatches: [],
    withdrawals: [],
  }
  const { own, others } = enterCall(rows, row)
  putComplaint(rows, undefined, { ...row, calls: own })
  applyCalls(rows, others)
}

function countedFacts({
  symptom,
  service,
  network,
  setting,
  place,
}: {
  readonly [Name in keyof CountedFacts]?: ComplaintReceived[Name] | undefined
}): CountedFacts {
  return {
    ...(symptom && { symptom }),
    ...(service && { service }),
    ...(network !== undefined && { network }),
    ...(setting && { setting }),
    ...(place && { place }),
  }
}

/** A cause counts as named since its root was, however often its state or band was revised. */
function standingCause(
  before: StandingCause | undefined,
  { verdict, root, chain, state }: CauseAttributed,
  at: string,
): StandingCause {
  const isSame = before?.root !== undefined && before.root.kind === root?.kind && before.root.id === root.id
  const isOver = state === 'watched' || state === 'restored'
  return {
    verdict,
    root,
    namedAt: root === undefined ? undefined : isSame ? before.namedAt : at,
    overAt: isOver ? (chain[0]?.to ?? (isSame ? before.overAt : undefined) ?? at) : undefined,
  }
}

function withdraw(rows: Draft, complaintId: string, eventId: string): void {
  const before = rows.get(countedComplaints, key(complaintId))
  if (before === undefined) return
  changeComplaint(rows, complaintId, (row) => ({
    ...row,
    withdrawals: [...row.withdrawals, { eventId }].slice(-maxActsKept),
  }))
  if (before.withdrawals.length === 0) applyCalls(rows, removeCall(rows, before))
}

function undo(rows: Draft, { id, data }: UndoneAct): void {
  if (!('complaintId' in data)) return
  const { complaintId } = data
  const before = rows.get(countedComplaints, key(complaintId))
  if (before === undefined) return
  const without = <Act extends { readonly eventId: string }>(acts: readonly Act[]): readonly Act[] =>
    acts.filter(({ eventId }) => eventId !== id)
  const after: CountedComplaint = {
    ...before,
    replies: without(before.replies),
    callbacks: without(before.callbacks),
    dispatches: without(before.dispatches),
    withdrawals: without(before.withdrawals),
  }
  const isBack = before.withdrawals.length > 0 && after.withdrawals.length === 0
  const { own, others: beside } = isBack ? enterCall(rows, after) : { own: before.calls, others: [] }
  putComplaint(rows, before, { ...after, calls: own })
  applyCalls(rows, beside)
}

function applyCalls(rows: Draft, changes: readonly CallChange[]): void {
  for (const { complaintId, before, after } of changes) {
    changeComplaint(rows, complaintId, (row) => ({
      ...row,
      calls: { before: before ?? row.calls?.before ?? false, after: after ?? row.calls?.after ?? false },
    }))
  }
}

/** What is said of a complaint that the log does not hold counts for nothing. */
function changeComplaint(
  rows: Draft,
  complaintId: string,
  to: (row: CountedComplaint) => CountedComplaint,
): void {
  const row = rows.get(countedComplaints, key(complaintId))
  if (row !== undefined) putComplaint(rows, row, to(row))
}

function putComplaint(rows: Draft, before: CountedComplaint | undefined, after: CountedComplaint): void {
  rows.put(countedComplaints, key(after.complaintId), after)
  moveShares(rows, complaintTallies, before ? sharesOfComplaint(before) : [], sharesOfComplaint(after))
}

function putOutage(rows: Draft, outageId: string, row: CountedOutage): void {
  const before = rows.get(countedOutages, key(outageId))
  rows.put(countedOutages, key(outageId), row)
  moveShares(rows, outageTallies, before ? sharesOfOutage(before) : [], sharesOfOutage(row))
}
