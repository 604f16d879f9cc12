import type { Ruleset } from '../../schemas/ruleset.ts'
import {
  byStart,
  type Cause,
  type ElementNode,
  firstLasting,
  overlaps,
  type Step,
  type Upstream,
} from './model.ts'
import type { CauseBook } from './cause-book.ts'
import { causesCuttingOff } from './ring.ts'
import { pointOf } from './serving-index.ts'
import type { Topology } from './topology.ts'

/** A chain is followed this far. */
export const maxSteps = 8

/** What a step up is a function of, beside the cause itself. */
interface Ground {
  readonly topology: Topology
  readonly causes: CauseBook
  readonly ruleset: Ruleset
}

/**
 * From a cause to its root, itself left out: works on the element, power, failed elements above, a ring cut on both
 * sides, works above, an outage that people declared. A function of the facts alone; ties go to the earlier start, then
 * to the key.
 */
export function stepsToRoot(
  start: Cause,
  topology: Topology,
  causes: CauseBook,
  ruleset: Ruleset,
): readonly Step[] {
  const ground = { topology, causes, ruleset }
  const first = stepUp(start, ground)
  if (first === undefined) return noSteps
  const steps = [first]
  const path = [start, first.cause]
  while (steps.length < maxSteps) {
    const step = stepUp(path.at(-1) ?? start, ground)
    if (step === undefined) break
    const again = path.indexOf(step.cause)
    // Elements that depend on each other have one root all the same, from wherever one comes: the earliest of them.
    if (again >= 0) return steps.slice(0, path.indexOf(earliestOf(path.slice(again), step.cause)))
    path.push(step.cause)
    steps.push(step)
  }
  return steps
}

const noSteps: readonly Step[] = []

/** One step is looked for once, however many complaints ask, until something on its way has changed. */
function stepUp(cause: Cause, ground: Ground): Step | undefined {
  const [node] = cause.nodes
  if (cause.kind !== 'alarm' || node === undefined) return undefined
  const version = versionAround(node, ground)
  if (cause.stepVersion !== version) {
    cause.stepVersion = version
    cause.step = findStep(cause, node, ground)
  }
  return cause.step
}

/** Grows with every change of what a step up from a node depends on. */
function versionAround(node: ElementNode, { topology, causes }: Ground): number {
  // Around rings everything may matter. A half more, so that neither sum is ever taken for the other.
  const versionOfAll = topology.version + causes.version + 0.5
  if (node.ringNeighbours.size > 0) return versionOfAll
  let version = topology.version + causes.areaVersion + node.causesVersion
  for (const { node: above } of topology.upstreamOf(node)) {
    if (above.ringNeighbours.size > 0) return versionOfAll
    version += above.causesVersion
  }
  return version
}

function earliestOf(causes: readonly Cause[], first: Cause): Cause {
  return causes.reduce((earliest, cause) => (byStart(cause, earliest) < 0 ? cause : earliest), first)
}

/** The root of a cause; itself where nothing lies behind it. */
export function rootOf(cause: Cause, topology: Topology, causes: CauseBook, ruleset: Ruleset): Cause {
  return stepsToRoot(cause, topology, causes, ruleset).at(-1)?.cause ?? cause
}

function findStep(cause: Cause, node: ElementNode, { topology, causes, ruleset }: Ground): Step | undefined {
  const slackMs = ruleset.times.rootSlackMs
  const fails = cause.impact.effect === 'down' || cause.impact.effect === 'degraded'
  const upstream = topology.upstreamOf(node)
  const { batteryMs = Infinity } = ruleset.times
  const isPower = (other: Cause): boolean => isLatent(other) && cause.startMs - other.startMs <= batteryMs

  const works = worksOn(node, cause, slackMs)
  if (works !== undefined) return { relation: 'cutover', cause: works }
  if (fails) {
    const power = firstBehind(node, isPower, cause, slackMs)
    if (power !== undefined) return { relation: 'power', cause: power }
    const leader = firstBehind(node, isFailure, cause, slackMs)
    if (leader !== undefined && byStart(leader, cause) < 0) return { relation: 'upstream', cause: leader }
    for (const { node: above, through } of upstream) {
      const failed = firstBehind(above, (other) => isFailure(other) || isPower(other), cause, slackMs)
      if (failed !== undefined) return { relation: isLatent(failed) ? 'power' : through, cause: failed }
    }
    const cut = ringCut(node, cause, topology, slackMs)
    if (cut !== undefined) return { relation: 'ring', cause: cut }
  }
  if (isLatent(cause)) {
    // A site's own mains alarm is what a feeder of many sites does to each of them.
    for (const { node: above, through } of upstream) {
      if (through !== 'power') continue
      const feeder = firstBehind(above, isPower, cause, slackMs)
      if (feeder !== undefined) return { relation: 'power', cause: feeder }
    }
  }
  for (const { node: above } of upstream) {
    const worksAbove = worksOn(above, cause, slackMs)
    if (worksAbove !== undefined) return { relation: 'cutover', cause: worksAbove }
  }
  return publishedOver(node, upstream, cause, causes, slackMs)
}

/** The earliest of an element's causes of some kind that may lie behind another one. */
function firstBehind(
  node: ElementNode,
  isOfKind: (other: Cause) => boolean,
  cause: Cause,
  slackMs: number,
): Cause | undefined {
  return firstOf(node, cause, slackMs, (other) => isOfKind(other) && isBehind(other, cause, slackMs))
}

function firstOf(
  node: ElementNode,
  cause: Cause,
  slackMs: number,
  is: (other: Cause) => boolean,
): Cause | undefined {
  const { causes } = node
  for (let at = firstLasting(node, cause.startMs - slackMs); at < causes.length; at += 1) {
    const other = causes[at]
    if (other !== undefined && other.ruling !== 'rejected' && is(other)) return other
  }
  return undefined
}

/** Works whose time the alarm's start falls into, on one element. */
function worksOn(node: ElementNode, cause: Cause, slackMs: number): Cause | undefined {
  return publishedOn(node, 'cutover', cause, slackMs)
}

function publishedOn(
  node: ElementNode,
  kind: Cause['kind'],
  cause: Cause,
  slackMs: number,
): Cause | undefined {
  return firstOf(node, cause, slackMs, (other) => other.kind === kind && startsWithin(cause, other, slackMs))
}

/** An outage declared by hand on the element or above it, or works or an outage on the ground where it stands. */
function publishedOver(
  node: ElementNode,
  upstream: readonly Upstream[],
  cause: Cause,
  causes: CauseBook,
  slackMs: number,
): Step | undefined {
  const on = publishedOn(node, 'advisory', cause, slackMs)
  if (on !== undefined) return { relation: 'declared', cause: on }
  for (const { node: above } of upstream) {
    const declared = publishedOn(above, 'advisory', cause, slackMs)
    if (declared !== undefined) return { relation: 'declared', cause: declared }
  }
  const point = pointOf(node)
  if (point === undefined) return undefined
  const here = causes
    .publishedAt(point)
    .filter((other) => other.ruling !== 'rejected' && startsWithin(cause, other, slackMs))
    .sort(byStart)
  const works = here.find(({ kind }) => kind === 'cutover')
  if (works !== undefined) return { relation: 'cutover', cause: works }
  const declared = here.find(({ kind }) => kind === 'advisory')
  return declared === undefined ? undefined : { relation: 'declared', cause: declared }
}

function ringCut(node: ElementNode, cause: Cause, topology: Topology, slackMs: number): Cause | undefined {
  const cutting = (at: ElementNode): Cause | undefined =>
    causesCuttingOff(at, cause.startMs, slackMs).find((cut) => cut !== cause && cut.ruling !== 'rejected')
  let cut = cutting(node)
  for (const { node: above } of topology.upstreamOf(node)) cut ??= cutting(above)
  return cut
}

const isFailure = (cause: Cause): boolean => cause.kind === 'alarm' && cause.impact.effect === 'down'
const isLatent = (cause: Cause): boolean => cause.impact.effect === 'latent'

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
