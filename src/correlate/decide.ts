import type { CauseAttributed } from '../../schemas/attribution.ts'
import type { DataOf, DecisionType } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { OutageOpened } from '../../schemas/outage.ts'
import { attribution } from './attribution.ts'
import { judge, type Judgement } from './judgement.ts'
import { type Cause, type Complaint, type ElementNode, refOf, siteOf } from './model.ts'
import type { ClusterChange } from './clusters/cluster-change.ts'
import { type Box, boxOfArea, unionOfBoxes } from './geometry.ts'
import { type Outage, overMs } from './outage-book.ts'
import { stepsToRoot } from './roots.ts'
import { pointOf } from './serving-index.ts'
import { laneOf } from './clustering.ts'
import type { Window } from './window.ts'

/** What deciding may do: log a decision (folded at once, so that the next one is taken knowing it), and name things. */
export interface Desk {
  /** Answers the decision's event id. */
  log<T extends DecisionType>(type: T, subject: string, data: DataOf<T>): string
  /** A new id that is the same in every run. */
  nameFor(subject: string): string
}

/** A new or touched complaint: what it is attributed to now, if that differs from what was logged. */
export function decideComplaint(
  complaint: Complaint,
  window: Window,
  desk: Desk,
  engineVersion: string,
): void {
  window.weighings += 1
  const judgement = judge(complaint, window.nowMs, window)
  const changed = changesOf(complaint, judgement)
  if (complaint.answer !== undefined && changed.length === 0) return
  const outageId = outageFor(judgement, window, desk)
  desk.log('CauseAttributed', complaint.id, {
    ...attribution(complaint, judgement, window.nowMs, window, engineVersion),
    complaintId: complaint.id,
    ...(outageId !== undefined && { outageId }),
    ...(complaint.answer !== undefined && { supersedes: complaint.answer.eventId, changed }),
  })
}

/** What of a revision matters to anyone: the rest is not worth a second story. */
function changesOf({ answer }: Complaint, next: Judgement): NonNullable<CauseAttributed['changed']> {
  if (answer === undefined) return []
  const { root, state, disputed } =
    next.verdict === 'explained'
      ? { root: next.leader.root.key, state: next.state, disputed: next.disputed }
      : { root: undefined, state: undefined, disputed: false }
  const changed: NonNullable<CauseAttributed['changed']> = []
  if (answer.verdict !== next.verdict) changed.push('verdict')
  if (answer.root !== root) changed.push('root')
  if (told(answer.state) !== told(state)) changed.push('state')
  if (answer.band !== next.band) changed.push('band')
  if (answer.disputed !== disputed) changed.push('disputed')
  return changed
}

/** A clear that has not held yet changes nothing for the customer: it is not restored. */
const told = (state: CauseAttributed['state']): string | undefined =>
  state === 'watched' ? 'ongoing' : state

/** The outage of a root: the one it has, or, once the engine is sure enough to say it, a new one. Gaps are no outages. */
function outageFor(judgement: Judgement, window: Window, desk: Desk): string | undefined {
  if (judgement.verdict !== 'explained' || judgement.leader.root.kind === 'gap') return undefined
  const { root } = judgement.leader
  if (root.outageId !== undefined || judgement.band !== 'say') return root.outageId
  return openOutage(root, 'complaint', window, desk)
}

/** A touched alarm: its root, if that differs from what was logged, and what becomes of outages by it. */
export function decideCorrelation(alarm: Cause, window: Window, desk: Desk): void {
  const steps = stepsToRoot(alarm, window.topology, window.causes, window.ruleset)
  const last = steps.at(-1)
  const root = last?.cause
  if (root?.key !== alarm.loggedRoot) {
    desk.log('AlarmCorrelated', alarm.key, {
      alarm: refOf(alarm),
      elementId: alarm.nodes[0]?.id ?? '',
      ...(root !== undefined && steps[0] !== undefined && { root: refOf(root), relation: steps[0].relation }),
      ...(root?.outageId !== undefined && { outageId: root.outageId }),
    })
  }
  if (root === undefined) return
  if (alarm.outageId !== undefined) moveOutage(alarm.outageId, root, window, desk)
  if (root.outageId === undefined && failedPlaces(root) >= window.ruleset.outages.openElements)
    openOutage(root, 'alarms', window, desk)
}

/** An advisory that declares an outage is one, whether or not anyone has complained. */
export function decideDeclared(cause: Cause, window: Window, desk: Desk): void {
  if (
    cause.kind === 'advisory' &&
    cause.outageId === undefined &&
    !cause.retired &&
    cause.endMs > window.nowMs
  )
    openOutage(cause, 'declared', window, desk)
}

/** Failed places under a root, itself included: the cells of a site are one. */
function failedPlaces(root: Cause): number {
  const failed = new Set<ElementNode>()
  for (const cause of [root, ...root.consequences]) {
    const [node] = cause.nodes
    if (cause.impact.effect === 'down' && node !== undefined) failed.add(siteOf(node))
  }
  return failed.size
}

/** The root of an outage has a root of its own: they are one, and the older goes on. */
function moveOutage(outageId: string, root: Cause, window: Window, desk: Desk): void {
  const mine = window.outages.byId.get(outageId)
  const theirs = root.outageId === undefined ? undefined : window.outages.byId.get(root.outageId)
  if (mine === undefined || mine === theirs) return
  const [stays, goes] =
    theirs !== undefined && theirs.ordinal < mine.ordinal ? [theirs, mine] : [mine, theirs]
  const absorbed = goes === undefined ? {} : { absorbed: [goes.id] }
  if (goes !== undefined)
    desk.log('OutageEnded', goes.id, { outageId: goes.id, reason: 'merged', into: stays.id })
  desk.log('OutageChanged', stays.id, {
    outageId: stays.id,
    ...(stays === mine && { root: refOf(root), ...describe(root, window) }),
    ...absorbed,
  })
}

/** A touched outage: state, end, or a root that is gone. */
export function decideOutage(outage: Outage, window: Window, desk: Desk): void {
  const root = outage.root?.retired === true ? outage.root.successor : outage.root
  if (root === undefined || root.retired) {
    desk.log('OutageEnded', outage.id, { outageId: outage.id, reason: 'no-longer-explains' })
    return
  }
  const phase = outagePhase(root, window)
  if (phase.ended) {
    desk.log('OutageEnded', outage.id, { outageId: outage.id, reason: 'restored' })
    return
  }
  const moved = root !== outage.root ? { root: refOf(root), ...describe(root, window) } : {}
  const state = phase.state === outage.state ? {} : { state: phase.state }
  const expectedEnd = root.expectedEndMs === undefined ? undefined : toInstant(root.expectedEndMs)
  const end = expectedEnd === undefined || expectedEnd === outage.expectedEnd ? {} : { expectedEnd }
  const change = { ...moved, ...state, ...end }
  if (Object.keys(change).length > 0) desk.log('OutageChanged', outage.id, { outageId: outage.id, ...change })
}

/** Where an outage stands, and when it next stands elsewhere by the mere passing of time. */
export function outagePhase(
  root: Cause,
  { nowMs, ruleset: { times } }: Window,
): { state: Outage['state']; ended: boolean; nextMs: number } {
  const endMs = overMs(root)
  if (endMs > nowMs) return { state: 'open', ended: false, nextMs: endMs }
  const restoredMs = endMs + times.dwellMs
  if (restoredMs > nowMs) return { state: 'watched', ended: false, nextMs: restoredMs }
  const endedMs = restoredMs + times.outageEndMs
  return { state: 'restored', ended: endedMs <= nowMs, nextMs: endedMs }
}

function openOutage(root: Cause, because: OutageOpened['because'], window: Window, desk: Desk): string {
  const outageId = `OUT-${desk.nameFor(root.key)}`
  desk.log('OutageOpened', outageId, {
    outageId,
    root: refOf(root),
    because,
    state: outagePhase(root, window).state,
    since: toInstant(root.startMs),
    ...(root.expectedEndMs !== undefined && { expectedEnd: toInstant(root.expectedEndMs) }),
    ...(root.network !== undefined && { network: root.network }),
    ...describe(root, window),
  })
  return outageId
}

/** What people see of an outage's root: name, place, extent, services, subscribers. */
function describe(
  root: Cause,
  window: Window,
): Pick<OutageOpened, 'title' | 'elementId' | 'services' | 'point' | 'box' | 'subscribers'> {
  const [node] = root.nodes
  const below = root.nodes.flatMap((at) => window.topology.dependentsOf(at))
  let box: Box | undefined = root.area && boxOfArea(root.area)
  let subscribers = 0
  for (const element of below) {
    subscribers += element.element?.subscribers ?? 0
    const served = window.serving.boxOf(element)
    if (served !== undefined) box = box === undefined ? served : unionOfBoxes(box, served)
  }
  const point =
    (node && pointOf(node)) ?? (box && ([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] as [number, number]))
  return {
    title: root.title,
    ...(node !== undefined && { elementId: node.id }),
    services: [...(root.services ?? node?.element?.services ?? ['mobile' as const])],
    ...(point !== undefined && { point }),
    ...(box !== undefined && { box: [...box] }),
    ...(subscribers > 0 && { subscribers }),
  }
}

/** Logs what clustering did. */
export function decideClusters(window: Window, desk: Desk): void {
  for (const change of window.clusterChanges.splice(0)) decideCluster(change, window, desk)
}

function decideCluster(change: ClusterChange, window: Window, desk: Desk): void {
  switch (change.kind) {
    case 'opened':
    case 'split':
      desk.log('ClusterOpened', change.clusterId, {
        clusterId: change.clusterId,
        ...describeCluster(change.memberIds, window),
      })
      return
    case 'joined':
      desk.log('ComplaintClustered', change.complaintId, {
        complaintId: change.complaintId,
        clusterId: change.clusterId,
      })
      return
    case 'left':
      desk.log('ComplaintClustered', change.complaintId, { complaintId: change.complaintId })
      return
    case 'merged':
      desk.log('ClustersMerged', change.intoId, { intoId: change.intoId, fromId: change.fromId })
      return
    case 'closed':
      desk.log('ClusterClosed', change.clusterId, {
        clusterId: change.clusterId,
        reason: change.reason === 'dissolved' ? 'dissolved' : 'quiet',
      })
      return
  }
}

function describeCluster(
  memberIds: readonly string[],
  window: Window,
): Omit<DataOf<'ClusterOpened'>, 'clusterId'> {
  const members = memberIds.flatMap((id) => window.complaints.byId.get(id) ?? [])
  const points = members.flatMap(({ point }) => (point === undefined ? [] : [point]))
  const mean = (axis: 0 | 1): number =>
    Math.round((points.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, points.length)) * 1e6) / 1e6
  const [first] = members
  const [network, , family] = (first === undefined ? ['', '', ''] : JSON.parse(laneOf(first))) as string[]
  return {
    family: family || 'other',
    ...(network !== '' && network !== undefined && { network }),
    ...(first?.facts.service !== undefined && { service: first.facts.service }),
    complaintIds: [...memberIds],
    center: [mean(0), mean(1)],
  }
}
