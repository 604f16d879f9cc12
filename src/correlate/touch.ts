import type { Ruleset } from '../../schemas/ruleset.ts'
import type { CauseChange } from './alarm-book.ts'
import { candidateOf } from './candidates.ts'
import { countIn, disband, isCompany, noShift, type Shift, shiftBy, shiftFrom } from './company.ts'
import { bearingOf, concernOf, everyone, isAbout, isCompanyKept, shiftFor } from './concern.ts'
import { boxOfArea, metersOutside } from './geometry.ts'
import type { Cause, Complaint, ElementNode, Span } from './model.ts'
import type { Outage } from './outage-book.ts'
import { networkOf } from './serving-index.ts'
import { maxSteps, rootOf } from './roots.ts'
import { noteFailure, storming } from './storm.ts'
import type { Window } from './window.ts'

/** Slacks by which a complaint may precede a cause and still be weighed against it; see `candidates.ts`. */
const touchSlacks = 4

/** Trouble from this much before a cause may be down to it, or to a failure of which it is the root. */
const leadMs = ({ onsetSlackMs, rootSlackMs }: Ruleset['times']): number =>
  touchSlacks * onsetSlackMs + maxSteps * rootSlackMs

/**
 * A cause is new, changed or gone: count its company anew, and have weighed again what it may bear on (complaints,
 * alarms that hang on it, its outage).
 */
export function touchCause(window: Window, change: CauseChange, tooLate = false): void {
  const { cause, fromMs, former } = change
  const { times } = window.ruleset
  window.causes.touch(cause)
  const reach = reachOf(window, cause.nodes)
  const near = nearTo(window, cause, reach)
  cause.sites = Math.max(1, reach.filter((node) => window.serving.serves(node)).length)
  const before = cause.weighed
  cause.weighed = bearingOf(cause)
  const shift = isCompanyKept(cause, before)
    ? noShift
    : shiftFrom(before ?? cause, cause, window.ruleset, () => recount(window, cause, near))
  recountRing(window, cause)
  const hadCrowd = cause.hasCrowd
  window.crowds.note(cause, window.ruleset, true)
  setOver(window, cause)
  if (cause.impact.effect === 'down' && cause.kind === 'alarm' && cause.endMs === Infinity)
    noteFailure(cause, window.nowMs, window.topology, times)
  touchOutagesOf(window, cause)
  if (cause.retired) letGo(window, cause)
  if (tooLate) return
  correlateLater(window, cause)
  const standing = standingOn(window, cause, former)
  const moved = correlateThose(window, cause, [...reach, ...standing], former !== undefined)
  const isConcerned = moved ? everyone : concernOf(cause, before, shift, window)
  const sinceMs = fromMs - leadMs(times)
  const touchAll = (complaints: Iterable<Complaint>): void => {
    for (const complaint of complaints)
      if (complaint.fromMs + complaint.uncertaintyMs >= sinceMs && isConcerned(complaint))
        touchComplaint(window, complaint)
  }
  touchAll(near)
  if (hadCrowd || cause.hasCrowd)
    for (const complaint of window.crowds.begunWithin(sinceMs, Infinity))
      if (hadCrowd !== cause.hasCrowd || isConcerned(complaint)) touchPatiently(window, complaint)
  if (former !== undefined) touchAll(nearTo(window, former, reachOf(window, former.nodes)))
  for (const node of standing)
    for (const below of window.topology.dependentsOf(node)) touchAll(below.complaints)
}

/** Has those alarms correlated again whose root this cause may have become, or may be no longer; answers whether there are any. */
function correlateThose(window: Window, cause: Cause, on: readonly ElementNode[], moved: boolean): boolean {
  const { seen } = cause
  const now = spanOf(cause, window.ruleset.times.rootSlackMs)
  cause.seen = now
  const same = !moved && seen?.effect === now?.effect && seen?.fromMs === now?.fromMs
  // A core element has ten thousand alarms below it: where only the end has moved, it concerns those begun since.
  const isWithin = (span: Span | undefined, ms: number): boolean =>
    span !== undefined && ms >= span.fromMs && ms <= span.toMs
  if (same && seen?.toMs === now?.toMs) return false
  let any = false
  for (const node of on)
    for (const other of node.causes) {
      if (other === cause || other.kind !== 'alarm') continue
      const [before, after] = [isWithin(seen, other.startMs), isWithin(now, other.startMs)]
      if (same ? before === after : !before && !after) continue
      any = true
      correlateLater(window, other)
    }
  return any
}

/** Alarms that start in this span may have the cause behind them; see `roots.ts`. */
function spanOf({ retired, ruling, startMs, endMs, impact }: Cause, slackMs: number): Span | undefined {
  if (retired || ruling === 'rejected') return undefined
  return { fromMs: startMs - slackMs, toMs: endMs + slackMs, effect: impact.effect }
}

/** What a cause is part of loses it. */
export function letGo(window: Window, cause: Cause): void {
  disband(cause)
  window.crowds.note(cause, window.ruleset, false)
  cause.over.dueMs = Infinity
  cause.correlation.dueMs = Infinity
  if (cause.loggedRoot !== undefined) window.causes.find(cause.loggedRoot)?.consequences.delete(cause)
}

/**
 * A cause's end has held for the dwell: those may be told whose answer rests on its root. Nothing else about an answer
 * depends on the time that has passed.
 */
export function causeOver(window: Window, cause: Cause): void {
  touchOutagesOf(window, cause)
  const root = rootOf(cause, window.topology, window.causes, window.ruleset)
  for (const complaint of complaintsNear(window, cause))
    if (complaint.answer?.root === root.key && complaint.answer.state !== 'restored')
      touchComplaint(window, complaint)
}

export function setOver(window: Window, cause: Cause): void {
  if (cause.retired || cause.endMs === Infinity) cause.over.dueMs = Infinity
  else window.deadlines.set(cause.over, Math.max(cause.endMs + window.ruleset.times.dwellMs, window.nowMs))
}

/** Has a complaint weighed again soon; while a storm unfolds around it, once it has quietened. */
export function touchComplaint(window: Window, complaint: Complaint): void {
  if (!complaint.aside) weighAgain(window, complaint)
}

/** The same, also for one that weighs nothing for others. */
export function weighAgain(window: Window, complaint: Complaint): void {
  if (complaint.withdrawn) return
  const { settleMs, stormSettleMs, stormMaxMs } = window.ruleset.times
  const { timer } = complaint
  // What waits for crowds alone does not hold up what is meant for the complaint itself.
  const waiting = timer.dueMs !== Infinity && !complaint.isPatient
  if (!waiting) {
    complaint.firstTouchedMs = window.nowMs
    complaint.isPatient = false
  }
  const inStorm = complaint.hits.some(({ node }) =>
    storming(node, window.nowMs, window.topology, window.ruleset),
  )
  if (waiting && !inStorm) return
  const dueMs = inStorm
    ? Math.min(complaint.firstTouchedMs + stormMaxMs, window.nowMs + stormSettleMs)
    : window.nowMs + settleMs
  if (!waiting || dueMs > timer.dueMs) window.deadlines.set(timer, dueMs)
}

/**
 * The figure that a cause's company weighs has changed, for those in it or for others, with a complaint that came or went. More
 * of it only strengthens an answer that rests on its root already, and there is nothing above "say it": in a storm that
 * is nearly everybody (E6). Whoever came or went is weighed by itself.
 */
export function touchCompany(window: Window, cause: Cause, shift: Shift, by?: Complaint): void {
  const crowd = window.crowds.note(cause, window.ruleset, false)
  const isShifted = shift.members !== 0 || shift.others !== 0
  if (crowd === 'changed' || (crowd === 'same' && isShifted)) touchVague(window, cause)
  if (cause.retired) return
  // Of one customer's complaints one counts: to the others the newcomer is no company, but moves what was to be expected.
  if (by !== undefined)
    for (const other of window.complaints.ofCustomer(by.customer))
      if (other !== by && isAbout(other, cause, window)) touchComplaint(window, other)
  if (!isShifted) return
  const root = rootOf(cause, window.topology, window.causes, window.ruleset)
  for (const complaint of complaintsNear(window, cause)) {
    const figure = shiftFor(complaint, cause, shift)
    if (figure === 0 || complaint.customer === by?.customer || !isAbout(complaint, cause, window)) continue
    const { answer } = complaint
    if (figure > 0 && answer?.band === 'say' && answer.root === root.key && !answer.disputed) continue
    touchComplaint(window, complaint)
  }
}

/** Those of a vague place whom a crowded cause may bear on. */
function touchVague(window: Window, cause: Cause): void {
  const slackMs = touchSlacks * window.ruleset.times.onsetSlackMs
  const [node] = cause.nodes
  const network = cause.network ?? (node && networkOf(node))
  for (const complaint of window.crowds.begunWithin(cause.startMs - slackMs, cause.endMs + slackMs))
    if (!network || (complaint.facts.network ?? network) === network) touchPatiently(window, complaint)
}

/** Who may be anywhere is touched by every crowd: what comes of that for a while is looked at once. */
function touchPatiently(window: Window, complaint: Complaint): void {
  if (complaint.timer.dueMs !== Infinity) return
  complaint.isPatient = true
  window.deadlines.set(complaint.timer, window.nowMs + window.ruleset.times.stormMaxMs)
}

export function touchOutage(window: Window, outageId: string | undefined): void {
  const outage = outageId === undefined ? undefined : window.outages.byId.get(outageId)
  const dueMs = window.nowMs + window.ruleset.times.settleMs
  if (outage !== undefined && outage.timer.dueMs > dueMs) outageDue(window, outage, dueMs)
}

/** Those whose answer names its root already are among its complaints from now on, and are told so. */
export function touchMembers(window: Window, outageId: string): void {
  const root = window.outages.byId.get(outageId)?.root
  if (root === undefined) return
  for (const complaint of complaintsNear(window, root))
    if (complaint.answer?.root === root.key && complaint.answer.outageId === undefined)
      touchComplaint(window, complaint)
}

export function outageDue(window: Window, outage: Outage, dueMs: number): void {
  window.deadlines.set(outage.timer, dueMs)
}

export function touchOutagesOf(window: Window, cause: Cause): void {
  touchOutage(window, cause.outageId)
  if (cause.loggedRoot !== undefined) touchOutage(window, window.causes.find(cause.loggedRoot)?.outageId)
}

export function correlateLater(window: Window, cause: Cause): void {
  const dueMs = window.nowMs + window.ruleset.times.settleMs
  if (cause.kind !== 'alarm' || cause.retired || cause.correlation.dueMs <= dueMs) return
  window.deadlines.set(cause.correlation, dueMs)
}

/** Complaints that a cause may bear on, by place. */
export function complaintsNear(window: Window, cause: Cause): ReadonlySet<Complaint> {
  return nearTo(window, cause, reachOf(window, cause.nodes))
}

function nearTo(
  window: Window,
  { area }: Pick<Cause, 'area'>,
  reach: readonly ElementNode[],
): ReadonlySet<Complaint> {
  const [node, ...others] = reach
  // Most alarms are those of one site: its own set will do.
  if (node !== undefined && others.length === 0 && area === undefined) return node.complaints
  const near = new Set<Complaint>()
  for (const at of reach) for (const complaint of at.complaints) near.add(complaint)
  if (area !== undefined)
    for (const complaint of window.complaints.inBox(boxOfArea(area)))
      if (!complaint.aside) near.add(complaint)
  return near
}

/** Elements that stand on the ground of works or an outage declared by hand: those may lie behind their alarms. */
function standingOn(window: Window, cause: Cause, former: CauseChange['former']): ElementNode[] {
  if (cause.kind === 'gap') return []
  return [cause.area, former?.area].flatMap((area) =>
    area === undefined
      ? []
      : window.serving
          .standingIn(boxOfArea(area))
          .filter(({ node, point }) => node.causes.length > 0 && metersOutside(area, point) === 0)
          .map(({ node }) => node),
  )
}

/** Counts a cause's company anew. */
function recount(window: Window, cause: Cause, near: ReadonlySet<Complaint>): void {
  const { ruleset } = window
  disband(cause)
  if (cause.retired) return
  for (const complaint of near) {
    const candidate = candidateOf(complaint, cause, window.topology, window.causes, ruleset)
    if (candidate !== undefined && isCompany(complaint, candidate, ruleset)) countIn(cause, complaint)
  }
}

/** Whether a ring's failure cuts anyone off depends on the ring's other failures: their company is another now. */
function recountRing(window: Window, cause: Cause): void {
  const [node] = cause.nodes
  if (node === undefined || node.ringNeighbours.size === 0) return
  for (const member of window.topology.ringOf(node))
    for (const other of member.causes) {
      if (other === cause || other.kind !== 'alarm') continue
      const recounted = (): void => recount(window, other, complaintsNear(window, other))
      touchCompany(window, other, shiftBy(other, window.ruleset, recounted))
    }
}

/** All elements that a cause on these reaches: themselves and what depends on them, around rings too. */
export function reachOf(window: Window, nodes: readonly ElementNode[]): readonly ElementNode[] {
  const [node, ...others] = nodes
  if (node === undefined) return []
  if (others.length === 0 && node.ringNeighbours.size === 0) return window.topology.dependentsOf(node)
  const reached = new Set<ElementNode>()
  for (const at of nodes)
    for (const member of window.topology.ringOf(at))
      for (const below of window.topology.dependentsOf(member)) reached.add(below)
  return [...reached]
}
