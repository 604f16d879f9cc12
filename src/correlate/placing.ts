import { candidatesFor } from './candidates.ts'
import { recluster } from './clustering.ts'
import { isCompany, join, leave } from './company.ts'
import type { Complaint } from './model.ts'
import { recount, touchCompany, touchComplaint } from './touch.ts'
import type { Window } from './window.ts'

/** Takes in changed inventory: complaints near it meet other elements now. */
export function settleServing(window: Window): void {
  const boxes = window.serving.settle()
  const affected =
    boxes === 'all'
      ? new Set(window.complaints.byId.values())
      : new Set(boxes.flatMap((box) => window.complaints.inBox(box)))
  for (const complaint of affected) {
    if (complaint.aside) continue
    unhang(window, complaint)
    hang(window, complaint)
    touchComplaint(window, complaint)
  }
}

/** Finds what serves a complaint's place, without taking it in. */
export function lookAt(window: Window, complaint: Complaint): void {
  settleServing(window)
  const given = window.complaints.isShared(complaint, window.ruleset.places)
  if (given) {
    complaint.shared = true
    complaint.take(complaint.facts, window.ruleset)
  }
  complaint.repeatOf = earlierOf(window, complaint)
  complaint.tooLate = window.isTooLate(complaint.fromMs)
  look(window, complaint)
}

/** Hangs a complaint where its place says, and counts it in. */
export function admit(window: Window, complaint: Complaint): void {
  complaint.aside = complaint.facts.scope !== 'network' || complaint.tooLate || complaint.withdrawn
  if (complaint.aside) {
    settleServing(window)
    look(window, complaint)
    return
  }
  hang(window, complaint)
  judgeSharedPoint(window, complaint)
}

/** Takes a complaint out of all that it weighs in. */
export function dismiss(window: Window, complaint: Complaint): void {
  unhang(window, complaint)
  window.complaints.unplace(complaint)
  complaint.dueMs = Infinity
}

export function hang(window: Window, complaint: Complaint): void {
  settleServing(window)
  look(window, complaint)
  for (const { node } of complaint.hits) node.complaints.add(complaint)
  complaint.servedBy?.complaints.add(complaint)
  for (const candidate of candidatesFor(complaint, window.topology, window.causes, window.ruleset))
    if (isCompany(complaint, candidate, window.ruleset) && join(candidate.cause, complaint, window.ruleset))
      touchCompany(window, candidate.cause)
}

export function unhang(window: Window, complaint: Complaint): void {
  for (const { node } of complaint.hits) node.complaints.delete(complaint)
  complaint.servedBy?.complaints.delete(complaint)
  for (const cause of complaint.counted) {
    let differs = leave(cause, complaint, window.ruleset)
    if (cause.retired) continue
    // The span of the company ends with its last complaint; without that one it has to be found again.
    if (complaint.fromMs === cause.companyLastMs) {
      recount(window, cause, complaint)
      differs = true
    }
    if (differs) touchCompany(window, cause)
  }
}

export function look(window: Window, complaint: Complaint): void {
  const { servedBy, service, network } = complaint.facts
  complaint.servedBy = servedBy === undefined ? undefined : window.topology.node(servedBy)
  complaint.hits =
    complaint.point === undefined
      ? []
      : window.serving.hits(complaint.point, complaint.uncertaintyMeters, network, service)
}

/** A default geocode that many unrelated customers share is no place; all who gave it are looked at anew. */
export function judgeSharedPoint(window: Window, complaint: Complaint): void {
  const shared = window.complaints.isShared(complaint, window.ruleset.places)
  for (const other of shared ? window.complaints.atPointOf(complaint) : [complaint]) {
    if (other.shared === shared || other.aside) continue
    unhang(window, other)
    window.complaints.unplace(other)
    other.shared = shared
    other.take(other.facts, window.ruleset)
    window.complaints.place(other)
    hang(window, other)
    // The newcomer itself is clustered after window.
    if (other !== complaint) recluster(window, other)
    touchComplaint(window, other)
  }
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
