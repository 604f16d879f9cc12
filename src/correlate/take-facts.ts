import type { EventOf } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { clusterAfresh, noteClusters, recluster } from './clustering.ts'
import { createImpactTable } from './impact.ts'
import { type Cause, Complaint, type ElementNode } from './model.ts'
import { admit, dismiss, earlierOf, forgetComplaint, hang, settleServing, unhang } from './placing.ts'
import type { PublishedEvent } from './published-book.ts'
import { letGo, reachOf, touchCause, touchComplaint, touchOutagesOf } from './touch.ts'
import type { Window } from './window.ts'

type InventoryEvent = EventOf<
  'ElementRegistered' | 'ElementChanged' | 'ElementRetired' | 'ElementLinked' | 'ElementUnlinked'
>

/** An element or link has changed: its coverage, what it depends on, what hangs on it. */
export function takeInventory(window: Window, event: InventoryEvent): void {
  const { elementId } = event.data
  const before = hungBelow(window, elementId)
  const node = changeTopology(window, event)
  if (node !== undefined) window.serving.touch(node)
  const after = node === undefined ? before : new Set([...before, ...hungBelow(window, elementId)])
  // An inventory that nothing hangs on yet is taken in as a whole, with the first fact that needs it.
  if (after.size > 0) settleServing(window)
  // Who depends on whom decides in whose company they are.
  for (const complaint of after) {
    unhang(window, complaint)
    hang(window, complaint)
    touchComplaint(window, complaint)
  }
  if (node === undefined) return
  const changes = [
    ...window.alarms.elementChanged(node, window.nowMs),
    ...reachOf(window, [node]).flatMap(({ causes }) =>
      causes.map((cause) => ({ cause, fromMs: cause.startMs })),
    ),
  ]
  if (changes.length > 0) settleServing(window)
  for (const { cause, fromMs } of changes) touchCause(window, { cause, fromMs })
  if (event.type === 'ElementRetired') forgetBare(window, node)
}

function hungBelow(window: Window, elementId: string): Set<Complaint> {
  const node = window.topology.node(elementId)
  if (node === undefined) return new Set()
  return new Set(reachOf(window, [node]).flatMap(({ complaints }) => [...complaints]))
}

/** An element that nobody registered and that nothing names any more is forgotten. */
function forgetBare(window: Window, node: ElementNode): void {
  if (!window.alarms.isNamedBy(node)) window.topology.forgetBare(node)
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
  for (const change of window.published.take(event, window.nowMs)) touchCause(window, change)
}

/** Takes a new complaint in; it is company from here on, and may change what others weigh. */
export function takeComplaint(window: Window, event: EventOf<'ComplaintReceived'>): Complaint {
  const complaint = new Complaint(event.data, window.ruleset)
  complaint.tooLate = window.isTooLate(complaint.fromMs)
  complaint.repeatOf = earlierOf(window, complaint)
  window.complaints.add(complaint, window.ruleset)
  window.arrivals.push(complaint, window.nowMs)
  admit(window, complaint)
  recluster(window, complaint)
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
  const { fromMs } = complaint
  dismiss(window, complaint)
  complaint.take(facts, window.ruleset)
  // Amended late, it still is what came in time, unless the trouble itself is moved.
  if (complaint.fromMs !== fromMs) complaint.tooLate = window.isTooLate(complaint.fromMs)
  window.complaints.place(complaint, window.ruleset)
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
  window.causes.touchAll()
  for (const complaint of window.complaints.byId.values()) {
    if (complaint.withdrawn) continue
    if (!complaint.aside) unhang(window, complaint)
    window.complaints.unplace(complaint)
    complaint.take(complaint.facts, ruleset)
    window.complaints.place(complaint, ruleset)
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
  for (let next = window.arrivals.takeBefore(limitMs); next; next = window.arrivals.takeBefore(limitMs))
    forgetComplaint(window, next.item)
  for (const cause of window.alarms.retire(window.nowMs, (node) => forgetBare(window, node)))
    forget(window, cause)
}

/** Of works, gaps and advisories there are few: they are looked through now and then. */
export function retirePublished(window: Window): void {
  for (const cause of window.published.retire(window.nowMs)) {
    forget(window, cause)
    for (const node of cause.nodes) forgetBare(window, node)
  }
}

function forget(window: Window, cause: Cause): void {
  letGo(window, cause)
  touchOutagesOf(window, cause)
}

function changeTopology(window: Window, event: InventoryEvent): ElementNode | undefined {
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
