import type { Ruleset } from '../../schemas/ruleset.ts'
import { byStart, type Cause, type ElementNode, overlaps, type Step } from './model.ts'
import type { CauseBook } from './cause-book.ts'
import { metersOutside } from './geometry.ts'
import { causesCuttingOff } from './ring.ts'
import { pointOf } from './serving-index.ts'
import type { Topology } from './topology.ts'

/** A chain is followed this far. */
export const maxSteps = 8

/**
 * From a cause to its root, itself left out: works on the element, power, failed elements above, a ring cut on both
 * sides, works above, an outage that people declared. A function of the facts alone; ties go to the earlier start, then
 * to the key; so it is found once for every version of the facts, however many complaints ask.
 */
export function stepsToRoot(
  start: Cause,
  topology: Topology,
  causes: CauseBook,
  ruleset: Ruleset,
): readonly Step[] {
  const version = causes.version + topology.version
  if (start.stepsVersion !== version) {
    start.stepsVersion = version
    start.steps = climb(start, topology, causes, ruleset)
  }
  return start.steps
}

function climb(start: Cause, topology: Topology, causes: CauseBook, ruleset: Ruleset): readonly Step[] {
  const steps: Step[] = []
  const path = [start]
  while (steps.length < maxSteps) {
    const step = stepUp(path.at(-1) ?? start, topology, causes, ruleset)
    if (step === undefined) break
    const again = path.indexOf(step.cause)
    // Elements that depend on each other have one root all the same, from wherever one comes: the earliest of them.
    if (again >= 0) return steps.slice(0, path.indexOf(earliestOf(path.slice(again), step.cause)))
    path.push(step.cause)
    steps.push(step)
  }
  return steps
}

function earliestOf(causes: readonly Cause[], first: Cause): Cause {
  return causes.reduce((earliest, cause) => (byStart(cause, earliest) < 0 ? cause : earliest), first)
}

/** The root of a cause; itself where nothing lies behind it. */
export function rootOf(cause: Cause, topology: Topology, causes: CauseBook, ruleset: Ruleset): Cause {
  return stepsToRoot(cause, topology, causes, ruleset).at(-1)?.cause ?? cause
}

function stepUp(cause: Cause, topology: Topology, causes: CauseBook, ruleset: Ruleset): Step | undefined {
  const node = cause.nodes[0]
  if (cause.kind !== 'alarm' || node === undefined) return undefined
  const slackMs = ruleset.times.rootSlackMs
  const fails = cause.impact.effect === 'down' || cause.impact.effect === 'degraded'

  const works = worksOn(node, cause, slackMs)
  if (works !== undefined) return { relation: 'cutover', cause: works }
  const power = node.causes.find(
    (other) => fails && other.impact.effect === 'latent' && isBehind(other, cause, slackMs),
  )
  if (power !== undefined) return { relation: 'power', cause: power }
  const leader = node.causes.find((other) => fails && isFailure(other) && isBehind(other, cause, slackMs))
  if (leader !== undefined && byStart(leader, cause) < 0) return { relation: 'upstream', cause: leader }
  if (fails)
    for (const { node: above, through } of topology.upstreamOf(node)) {
      const failed = above.causes.find(
        (other) => (isFailure(other) || other.impact.effect === 'latent') && isBehind(other, cause, slackMs),
      )
      if (failed !== undefined)
        return { relation: failed.impact.effect === 'latent' ? 'power' : through, cause: failed }
    }
  const cut = fails ? ringCut(node, cause, topology, slackMs) : undefined
  if (cut !== undefined) return { relation: 'ring', cause: cut }
  for (const { node: above } of topology.upstreamOf(node)) {
    const worksAbove = worksOn(above, cause, slackMs)
    if (worksAbove !== undefined) return { relation: 'cutover', cause: worksAbove }
  }
  return publishedOver(node, cause, causes, topology, slackMs)
}

/** Works whose time the alarm's start falls into, on one element. */
function worksOn(node: ElementNode, cause: Cause, slackMs: number): Cause | undefined {
  return node.causes.find((other) => other.kind === 'cutover' && startsWithin(cause, other, slackMs))
}

/** An outage declared by hand on the element or above it, or works or an outage on the ground where it stands. */
function publishedOver(
  node: ElementNode,
  cause: Cause,
  causes: CauseBook,
  topology: Topology,
  slackMs: number,
): Step | undefined {
  const declares = (other: Cause): boolean => other.kind === 'advisory' && startsWithin(cause, other, slackMs)
  for (const above of [node, ...topology.upstreamOf(node).map((upstream) => upstream.node)]) {
    const declared = above.causes.find(declares)
    if (declared !== undefined) return { relation: 'declared', cause: declared }
  }
  const point = pointOf(node)
  if (point === undefined) return undefined
  const here = causes
    .inBox(point[0], point[1], point[0], point[1])
    .filter((other) => other.area !== undefined && metersOutside(other.area, point) === 0)
    .sort(byStart)
  const works = here.find((other) => other.kind === 'cutover' && startsWithin(cause, other, slackMs))
  if (works !== undefined) return { relation: 'cutover', cause: works }
  const declared = here.find(declares)
  return declared === undefined ? undefined : { relation: 'declared', cause: declared }
}

function ringCut(node: ElementNode, cause: Cause, topology: Topology, slackMs: number): Cause | undefined {
  for (const at of [node, ...topology.upstreamOf(node).map((upstream) => upstream.node)]) {
    const cuts = causesCuttingOff(at, cause.startMs, slackMs).filter((cut) => cut !== cause)
    if (cuts[0] !== undefined) return cuts[0]
  }
  return undefined
}

const isFailure = (cause: Cause): boolean => cause.kind === 'alarm' && cause.impact.effect === 'down'

/** Alarms come in any order; what lies behind one may be raised a little after it, and holds at its start. */
function isBehind(other: Cause, cause: Cause, slackMs: number): boolean {
  return (
    other !== cause &&
    other.startMs <= cause.startMs + slackMs &&
    other.endMs >= cause.startMs - slackMs &&
    overlaps(other, cause, slackMs)
  )
}

const startsWithin = (cause: Cause, works: Cause, slackMs: number): boolean =>
  cause.startMs >= works.startMs - slackMs && cause.startMs <= works.endMs + slackMs
