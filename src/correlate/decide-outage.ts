import { toInstant } from '../../schemas/instant.ts'
import type { OutageOpened } from '../../schemas/outage.ts'
import type { Desk } from './desk.ts'
import { type Box, boxOfArea, unionOfBoxes } from './geometry.ts'
import { type Cause, type ElementNode, refOf, siteOf } from './model.ts'
import { type Outage, overMs } from './outage-book.ts'
import { rootOf, stepsToRoot } from './roots.ts'
import { networkOf, pointOf } from './serving-index.ts'
import type { Window } from './window.ts'

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
  if (root !== undefined && alarm.outageId !== undefined) moveOutage(alarm.outageId, root, window, desk)
  const opener = root ?? alarm
  if (!mayOpen(opener, window)) return
  const { openElements } = window.ruleset.outages
  if (
    (root !== undefined && failedPlaces(root) >= openElements) ||
    lastingMs(alarm, opener, window) <= window.nowMs
  )
    openOutage(opener, 'alarms', window, desk)
}

/** When a failure that goes on opens its outage by itself, if nothing else has; undefined where it never does. */
export function opensByItselfMs(alarm: Cause, window: Window): number | undefined {
  const root = rootOf(alarm, window.topology, window.causes, window.ruleset)
  const dueMs = mayOpen(root, window) ? lastingMs(alarm, root, window) : Infinity
  return dueMs > window.nowMs && dueMs !== Infinity ? dueMs : undefined
}

/** From then on it has lasted too long to be passed over; works are, until they should be over. */
function lastingMs(alarm: Cause, root: Cause, { nowMs, ruleset: { outages, times } }: Window): number {
  const { openAfterMs } = outages
  const isFailing = !alarm.retired && alarm.impact.effect === 'down' && alarm.endMs === Infinity
  const isStale = nowMs - alarm.confirmedMs > times.staleAlarmMs
  if (openAfterMs === undefined || !isFailing || isStale) return Infinity
  const lastsMs = alarm.startMs + openAfterMs
  switch (root.kind) {
    case 'alarm':
      return lastsMs
    case 'cutover':
      return Math.max(lastsMs, root.expectedEndMs ?? Infinity)
    case 'advisory':
    case 'gap':
      return Infinity
  }
}

/** An advisory that declares an outage is one from its start on, whether or not anyone has complained. */
export function decideDeclared(cause: Cause, window: Window, desk: Desk): void {
  const holds = !cause.retired && cause.startMs <= window.nowMs && cause.endMs > window.nowMs
  if (holds && mayOpen(cause, window)) openOutage(cause, 'declared', window, desk)
}

/** Has it an outage that goes on, or one that ended with it? What came back after its outage had ended needs another. */
function hasOutage(root: Cause, window: Window): boolean {
  if (root.outageId === undefined) return false
  return window.outages.byId.has(root.outageId) || outagePhase(root, window).ended
}

/** Whether a root is to have an outage of its own once there is reason: it has none, and nobody rejected it. */
export function mayOpen(root: Cause, window: Window): boolean {
  return root.ruling !== 'rejected' && !hasOutage(root, window)
}

/** People say that it never was the cause: the outage is over, and its complaints are weighed without it. */
export function decideRejected(outage: Outage, desk: Desk): void {
  if (outage.root?.ruling === 'rejected')
    desk.log('OutageEnded', outage.id, { outageId: outage.id, reason: 'rejected' })
}

/** Failed places under a root, itself included: the cells of a site are one. */
function failedPlaces(root: Cause): number {
  const failed = new Set<ElementNode>()
  for (const cause of [root, ...root.consequences]) {
    const [node] = cause.nodes
    if (!cause.retired && cause.impact.effect === 'down' && node !== undefined) failed.add(siteOf(node))
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

/** A touched outage: state, end, or a root that is gone or has another behind it by now. */
export function decideOutage(outage: Outage, window: Window, desk: Desk): void {
  const known = outage.root?.retired === true ? window.causes.find(outage.rootKey) : outage.root
  if (known === undefined) {
    desk.log('OutageEnded', outage.id, { outageId: outage.id, reason: 'no-longer-explains' })
    return
  }
  const root = rootOf(known, window.topology, window.causes, window.ruleset)
  if (root !== outage.root) moveOutage(outage.id, root, window, desk)
  if (!window.outages.byId.has(outage.id)) return
  const phase = outagePhase(root, window)
  if (phase.ended) {
    desk.log('OutageEnded', outage.id, { outageId: outage.id, reason: 'restored' })
    return
  }
  const state = phase.state === outage.state ? {} : { state: phase.state }
  const expectedEnd = root.expectedEndMs === undefined ? undefined : toInstant(root.expectedEndMs)
  const end = expectedEnd === undefined || expectedEnd === outage.expectedEnd ? {} : { expectedEnd }
  const change = { ...state, ...end }
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

export function openOutage(
  root: Cause,
  because: OutageOpened['because'],
  window: Window,
  desk: Desk,
): string {
  const outageId = root.formerOutageId ?? `OUT-${desk.nameFor(root.key)}`
  const { partOf } = root
  const network = root.network ?? (root.nodes[0] && networkOf(root.nodes[0]))
  desk.log('OutageOpened', outageId, {
    outageId,
    root: refOf(root),
    because,
    state: outagePhase(root, window).state,
    since: toInstant(root.startMs),
    ...(root.expectedEndMs !== undefined && { expectedEnd: toInstant(root.expectedEndMs) }),
    ...(network && { network }),
    ...(partOf !== undefined && partOf !== outageId && { splitFrom: partOf }),
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
  // Works may name a site and its controller: what hangs on both counts once.
  const below = new Set(root.nodes.flatMap((at) => window.topology.dependentsOf(at)))
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
