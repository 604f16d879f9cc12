import type { CauseChange } from './alarm-book.ts'
import { candidateOf } from './candidates.ts'
import { isCompany, join } from './company.ts'
import { boxOfArea } from './geometry.ts'
import { type Cause, type Complaint, type ElementNode, overlaps } from './model.ts'
import type { Outage } from './outage-book.ts'
import { networkOf } from './serving-index.ts'
import { noteFailure, storming } from './storm.ts'
import type { Window } from './window.ts'

/** Slacks by which a complaint may precede a cause and still be weighed against it; see `candidates.ts`. */
const touchSlacks = 4

/**
 * A cause is new, changed or gone: count its company anew, and have weighed again what it may bear on (complaints,
 * alarms that hang on it, its outage).
 */
export function touchCause(window: Window, { cause, fromMs }: CauseChange, tooLate = false): void {
  const reach = reachOf(window, cause)
  if (cause.kind !== 'gap' && cause.network === undefined && cause.nodes[0] !== undefined)
    cause.network = networkOf(cause.nodes[0]) || undefined
  cause.sites = Math.max(1, reach.filter((node) => window.serving.serves(node)).length)
  recount(window, cause)
  const times = window.ruleset.times
  if (cause.endMs !== Infinity && cause.kind !== 'gap')
    window.deadlines.set('cause-over', cause.key, Math.max(cause.endMs + times.dwellMs, window.nowMs))
  if (cause.impact.effect === 'down' && cause.kind === 'alarm' && cause.endMs === Infinity)
    noteFailure(cause, window.nowMs, window.topology, times)
  touchOutagesOf(window, cause)
  if (tooLate) return
  const sinceMs = fromMs - touchSlacks * times.onsetSlackMs
  for (const complaint of complaintsNear(window, cause))
    if (complaint.fromMs + complaint.uncertaintyMs >= sinceMs) touchComplaint(window, complaint)
  correlateLater(window, cause)
  for (const node of reach)
    for (const other of node.causes)
      if (other !== cause && other.kind === 'alarm' && overlaps(other, cause, times.rootSlackMs))
        correlateLater(window, other)
}

/** A cause's end has held for the dwell: those near it may be told. */
export function causeOver(window: Window, cause: Cause): void {
  touchOutagesOf(window, cause)
  for (const complaint of complaintsNear(window, cause))
    if (complaint.fromMs + complaint.uncertaintyMs >= cause.startMs) touchComplaint(window, complaint)
}

/** Has a complaint weighed again soon; while a storm unfolds around it, once it has quietened. */
export function touchComplaint(window: Window, complaint: Complaint): void {
  if (complaint.aside) return
  const { settleMs, stormSettleMs, stormMaxMs } = window.ruleset.times
  const waiting = complaint.dueMs !== Infinity
  if (!waiting) complaint.firstTouchedMs = window.nowMs
  const inStorm = complaint.hits.some(({ node }) =>
    storming(node, window.nowMs, window.topology, window.ruleset),
  )
  if (waiting && !inStorm) return
  const dueMs = inStorm
    ? Math.min(complaint.firstTouchedMs + stormMaxMs, window.nowMs + stormSettleMs)
    : window.nowMs + settleMs
  if (waiting && dueMs <= complaint.dueMs) return
  complaint.dueMs = dueMs
  window.deadlines.set('complaint', complaint.id, dueMs)
}

/** The figure that a cause's company weighs has changed for all near it. */
export function touchCompany(window: Window, cause: Cause): void {
  const sinceMs = cause.startMs - touchSlacks * window.ruleset.times.onsetSlackMs
  for (const complaint of complaintsNear(window, cause))
    if (complaint.fromMs + complaint.uncertaintyMs >= sinceMs) touchComplaint(window, complaint)
}

export function touchOutage(window: Window, outageId: string | undefined): void {
  const outage = outageId === undefined ? undefined : window.outages.byId.get(outageId)
  const dueMs = window.nowMs + window.ruleset.times.settleMs
  if (outage !== undefined && outage.dueMs > dueMs) outageDue(window, outage, dueMs)
}

export function outageDue(window: Window, outage: Outage, dueMs: number): void {
  outage.dueMs = dueMs
  window.deadlines.set('outage', outage.id, dueMs)
}

export function touchOutagesOf(window: Window, cause: Cause): void {
  touchOutage(window, cause.outageId)
  if (cause.loggedRoot !== undefined) touchOutage(window, window.causes.byKey.get(cause.loggedRoot)?.outageId)
}

export function correlateLater(window: Window, cause: Cause): void {
  if (cause.kind !== 'alarm' || cause.retired || cause.correlateDueMs !== Infinity) return
  cause.correlateDueMs = window.nowMs + window.ruleset.times.settleMs
  window.deadlines.set('correlate', cause.key, cause.correlateDueMs)
}

/** Complaints that a cause may bear on, by place. */
export function complaintsNear(window: Window, cause: Cause): Set<Complaint> {
  const near = new Set<Complaint>()
  for (const node of reachOf(window, cause)) for (const complaint of node.complaints) near.add(complaint)
  if (cause.area !== undefined)
    for (const complaint of window.complaints.inBox(boxOfArea(cause.area)))
      if (!complaint.aside) near.add(complaint)
  return near
}

/** Counts a cause's company anew, leaving one complaint out that is on its way out. */
export function recount(window: Window, cause: Cause, leaving?: Complaint): void {
  const { ruleset } = window
  const near = complaintsNear(window, cause)
  cause.company.clear()
  cause.companyLastMs = -Infinity
  for (const complaint of near) {
    complaint.counted.delete(cause)
    if (cause.retired || complaint === leaving) continue
    const candidate = candidateOf(complaint, cause, window.topology, window.causes, ruleset)
    if (candidate !== undefined && isCompany(complaint, candidate, ruleset)) join(cause, complaint, ruleset)
  }
}

/** All elements that a cause reaches: those that it lies on and what depends on them, around rings too. */
export function reachOf(window: Window, cause: Cause): readonly ElementNode[] {
  const [node, ...others] = cause.nodes
  if (node === undefined) return []
  if (others.length === 0 && node.ringNeighbours.size === 0) return window.topology.dependentsOf(node)
  const reached = new Set<ElementNode>()
  for (const at of cause.nodes)
    for (const member of window.topology.ringOf(at))
      for (const below of window.topology.dependentsOf(member)) reached.add(below)
  return [...reached]
}
