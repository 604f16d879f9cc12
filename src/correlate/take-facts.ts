import type { EventOf } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { clusterAfresh, noteClusters, placedFor, recluster } from './clustering.ts'
import { createImpactTable } from './impact.ts'
import { type Cause, Complaint, type ElementNode } from './model.ts'
import { admit, dismiss, earlierOf, settleServing } from './placing.ts'
import type { PublishedEvent } from './published-book.ts'
import { complaintsNear, touchCause, touchComplaint, touchOutagesOf } from './touch.ts'
import type { Window } from './window.ts'

type InventoryEvent = EventOf<
  'ElementRegistered' | 'ElementChanged' | 'ElementRetired' | 'ElementLinked' | 'ElementUnlinked'
>

/** An element or link has changed: its coverage, what it depends on, what hangs on it. */
export function takeInventory(window: Window, event: InventoryEvent): void {
  const node = changeTopology(window, event)
  if (node === undefined) return
  window.serving.touch(node)
  const below = window.topology.dependentsOf(node)
  const changes = [
    ...window.alarms.elementKnown(node, window.nowMs),
    ...below.flatMap(({ causes }) => causes.map((cause) => ({ cause, fromMs: cause.startMs }))),
  ]
  // An inventory that nothing hangs on yet is taken in as a whole, with the first fact that needs it.
  if (changes.length > 0) settleServing(window)
  for (const change of changes) touchCause(window, change)
  for (const element of below) for (const complaint of element.complaints) touchComplaint(window, complaint)
}

export function takeAlarm(
  window: Window,
  event: EventOf<'AlarmRaised' | 'AlarmChanged' | 'AlarmCleared'>,
): void {
  settleServing(window)
  const changes = window.alarms.take(event, window.nowMs)
  for (const change of changes) touchCause(window, change, window.isTooLate(toMs(event.occurredAt)))
}

export function takePublished(window: Window, event: PublishedEvent): void {
  settleServing(window)
  for (const change of window.published.take(event)) touchCause(window, change)
}

/** Takes a new complaint in; it is company from here on, and may change what others weigh. */
export function takeComplaint(window: Window, event: EventOf<'ComplaintReceived'>): Complaint {
  const complaint = new Complaint(event.data, window.ruleset)
  complaint.tooLate = window.isTooLate(complaint.fromMs)
  complaint.repeatOf = earlierOf(window, complaint)
  window.complaints.add(complaint)
  window.arrivals.push({ complaint, ms: window.nowMs })
  admit(window, complaint)
  const placed = placedFor(window, complaint)
  if (placed !== undefined) noteClusters(window, window.clusters.insert(placed))
  return complaint
}

export function amendComplaint(
  window: Window,
  { complaintId, set, unset }: EventOf<'ComplaintAmended'>['data'],
): Complaint | undefined {
  const complaint = window.complaints.byId.get(complaintId)
  if (complaint === undefined || complaint.withdrawn) return undefined
  const facts = { ...complaint.facts, ...set } as Complaint['facts']
  for (const field of unset ?? []) delete facts[field]
  dismiss(window, complaint)
  complaint.take(facts, window.ruleset)
  complaint.tooLate = window.isTooLate(complaint.fromMs)
  window.complaints.place(complaint)
  admit(window, complaint)
  recluster(window, complaint)
  return complaint
}

export function withdrawComplaint(window: Window, complaintId: string): Complaint | undefined {
  const complaint = window.complaints.byId.get(complaintId)
  if (complaint === undefined) return undefined
  dismiss(window, complaint)
  complaint.withdrawn = true
  complaint.aside = true
  recluster(window, complaint)
  return complaint
}

/**
 * Another ruleset is in force: whatever was derived under the old one is derived anew, and all complaints are weighed
 * again. Where clustering itself changed, old clusters are dissolved and the window is clustered afresh.
 */
export function useRules(window: Window, ruleset: Ruleset): void {
  const clustersDiffer =
    JSON.stringify([
      window.ruleset.clusters,
      window.ruleset.symptomFamilies,
      window.ruleset.times.latenessMs,
    ]) !== JSON.stringify([ruleset.clusters, ruleset.symptomFamilies, ruleset.times.latenessMs])
  window.ruleset = ruleset
  const impacts = createImpactTable(ruleset)
  window.serving.useRules(ruleset)
  for (const complaint of window.complaints.byId.values()) {
    if (complaint.aside) continue
    window.complaints.unplace(complaint)
    complaint.take(complaint.facts, ruleset)
    window.complaints.place(complaint)
  }
  settleServing(window)
  for (const change of window.alarms.useRules(ruleset, impacts, window.nowMs)) touchCause(window, change)
  for (const change of window.published.useRules(ruleset, impacts)) touchCause(window, change)
  if (clustersDiffer) clusterAfresh(window)
}

/** Engine time has moved: forgets what has left the window (E5), settles what can change no more. */
export function retire(window: Window): void {
  noteClusters(window, window.clusters.advance(window.nowMs))
  const limitMs = window.nowMs - window.ruleset.times.windowMs
  for (let next = window.arrivals[window.arrivalsFrom]; next !== undefined && next.ms < limitMs;) {
    dismiss(window, next.complaint)
    window.complaints.remove(next.complaint)
    next = window.arrivals[(window.arrivalsFrom += 1)]
  }
  if (window.arrivalsFrom > 10_000 && window.arrivalsFrom * 2 > window.arrivals.length) {
    window.arrivals.splice(0, window.arrivalsFrom)
    window.arrivalsFrom = 0
  }
  for (const cause of window.alarms.retire(window.nowMs)) forget(window, cause)
}

export function retirePublished(window: Window): void {
  for (const cause of window.published.retire(window.nowMs)) forget(window, cause)
}

export function forget(window: Window, cause: Cause): void {
  for (const [customer] of cause.company) cause.company.delete(customer)
  for (const complaint of complaintsNear(window, cause)) complaint.counted.delete(cause)
  touchOutagesOf(window, cause)
}

export function changeTopology(window: Window, event: InventoryEvent): ElementNode | undefined {
  switch (event.type) {
    case 'ElementRegistered':
      return window.topology.register(event.data)
    case 'ElementChanged':
      return window.topology.change(event.data)
    case 'ElementRetired':
      return window.topology.retire(event.data.elementId)
    case 'ElementLinked':
      return window.topology.link(event.data)
    case 'ElementUnlinked':
      return window.topology.unlink(event.data)
  }
}
