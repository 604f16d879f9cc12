import { candidatesFor } from './candidates.ts'
import { recluster } from './clustering.ts'
import { isCompany, join, leave } from './company.ts'
import type { Complaint } from './model.ts'
import { touchCompany, touchComplaint } from './touch.ts'
import type { Window } from './window.ts'

/** Takes in changed inventory: complaints near it meet other elements now. */
export function settleServing(window: Window): void {
  const boxes = window.serving.takeChanged()
  const affected =
    boxes === 'all'
      ? window.complaints.byId.values()
      : new Set(boxes.flatMap((box) => [...window.complaints.inBox(box)]))
  for (const complaint of affected) {
    if (complaint.aside) continue
    unhang(window, complaint)
    hang(window, complaint)
    touchComplaint(window, complaint)
  }
}

/** Finds what serves a draft's place. It takes nothing in and touches nobody: what is asked must not change answers (E2). */
export function lookAt(window: Window, draft: Complaint): void {
  window.serving.settle()
  draft.shared = window.complaints.isShared(draft.point, window.ruleset.places)
  draft.take(draft.facts, window.ruleset)
  draft.repeatOf = earlierOf(window, draft)
  draft.tooLate = window.isTooLate(draft.fromMs)
  look(window, draft)
}

/** Hangs a complaint where its place says, and counts it in. */
export function admit(window: Window, complaint: Complaint): void {
  settleServing(window)
  complaint.aside = complaint.facts.scope !== 'network' || complaint.tooLate || complaint.withdrawn
  if (complaint.aside) look(window, complaint)
  else hang(window, complaint)
  judgePoint(window, complaint.point, complaint)
  if (complaint.shared !== window.complaints.isShared(complaint.point, window.ruleset.places))
    turn(window, complaint)
}

/** Lets go of a complaint that leaves the window. That changes nobody's answer: it is forgotten, not taken back. */
export function forgetComplaint(window: Window, complaint: Complaint): void {
  for (const { node } of complaint.hits) node.complaints.delete(complaint)
  complaint.servedBy?.complaints.delete(complaint)
  for (const cause of complaint.counted) cause.company.release(complaint)
  complaint.timer.dueMs = Infinity
  window.crowds.delete(complaint)
  window.complaints.remove(complaint)
  judgePoint(window, complaint.point)
}

/** Takes a complaint out of all that it weighs in. */
export function dismiss(window: Window, complaint: Complaint): void {
  unhang(window, complaint)
  window.complaints.unplace(complaint)
  complaint.timer.dueMs = Infinity
  judgePoint(window, complaint.point)
}

/** Whoever hangs it weighs it, too: only others are touched. */
export function hang(window: Window, complaint: Complaint): void {
  look(window, complaint)
  for (const { node } of complaint.hits) node.complaints.add(complaint)
  complaint.servedBy?.complaints.add(complaint)
  window.crowds.add(complaint)
  for (const candidate of candidatesFor(complaint, window.topology, window.causes, window.ruleset))
    if (isCompany(complaint, candidate, window.ruleset))
      touchCompany(window, candidate.cause, join(candidate.cause, complaint, window.ruleset), complaint)
}

/** Call before the complaint's facts change. */
export function unhang(window: Window, complaint: Complaint): void {
  for (const { node } of complaint.hits) node.complaints.delete(complaint)
  complaint.servedBy?.complaints.delete(complaint)
  window.crowds.delete(complaint)
  for (const cause of complaint.counted)
    touchCompany(window, cause, leave(cause, complaint, window.ruleset), complaint)
}

function look(window: Window, complaint: Complaint): void {
  const { servedBy, service, network } = complaint.facts
  complaint.servedBy = servedBy === undefined ? undefined : window.topology.node(servedBy)
  const { hits, density } =
    complaint.point === undefined
      ? { hits: [], density: 0 }
      : window.serving.hits(complaint.point, complaint.uncertaintyMeters, network, service)
  complaint.hits = hits
  complaint.density = density
}

/** A default geocode that many unrelated customers share is no place: when a point turns, all who gave it are looked at anew. */
function judgePoint(window: Window, point: Complaint['point'], newcomer?: Complaint): void {
  if (point === undefined) return
  for (const other of window.complaints.turnedAt(point, window.ruleset.places)) {
    if (other === newcomer || other.aside) continue
    turn(window, other)
    recluster(window, other)
    touchComplaint(window, other)
  }
}

function turn(window: Window, complaint: Complaint): void {
  if (!complaint.aside) unhang(window, complaint)
  window.complaints.unplace(complaint)
  complaint.shared = !complaint.shared
  complaint.take(complaint.facts, window.ruleset)
  window.complaints.place(complaint, window.ruleset)
  if (complaint.aside) look(window, complaint)
  else hang(window, complaint)
}

/** The same customer's first complaint of the same trouble. */
export function earlierOf(window: Window, complaint: Complaint): string | undefined {
  if (complaint.facts.customerRef === undefined) return undefined
  let first: Complaint | undefined
  for (const other of window.complaints.ofCustomer(complaint.customer)) {
    const alike =
      other.family === complaint.family || other.family === undefined || complaint.family === undefined
    const recent = Math.abs(complaint.reportedMs - other.reportedMs) <= window.ruleset.times.repeatMs
    if (!alike || !recent || other.withdrawn || other.facts.scope !== complaint.facts.scope) continue
    if (first === undefined || other.reportedMs < first.reportedMs) first = other
  }
  return first?.id
}
