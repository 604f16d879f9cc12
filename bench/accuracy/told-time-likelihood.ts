import type { SimWorld } from '../../src/simulate/sim-world.ts'
import type { TroubleKind, SymptomProfile } from '../../src/simulate/sim-params.ts'
import {
  callDelays,
  chronicShares,
  maxCallDelayMs,
  suddenShares,
  timeErrors,
} from '../../src/simulate/telling.ts'
import type { ToldComplaint } from '../../src/simulate/summary.ts'

const minuteMs = 60_000
/** Stated times are whole minutes, rounded down. */
const roundingMs = minuteMs / 2
const evenNodes = 24
const bellNodes = [-3, -2.2, -1.5, -1, -0.6, -0.3, 0, 0.3, 0.6, 1, 1.5, 2.2, 3]
const edgeMinutes = [0.5, 2, 5, 10, 18, 30, 60]

type Told = ToldComplaint['event']['data']

/** Complaints to be expected per millisecond at a moment, of one cause. */
export interface TimedCause {
  readonly kind: TroubleKind
  readonly profile: SymptomProfile
  readonly fromMs: number
  readonly toMs: number
  rate(ms: number): number
}

/**
 * The intensity with which a cause brings calls at the complaint's time of report that tell the time as this one does:
 * the integral over the true moment of rate x delay density x density of what is stated. Trapezoid rule over nodes that are
 * dense where either factor is steep.
 */
export function timeLikelihood(world: SimWorld, cause: TimedCause, told: Told): number {
  const reportedMs = Date.parse(told.reportedAt)
  const trouble = told.trouble ?? {}
  const chronic = chronicShares[cause.kind] ?? 0
  const from = Math.max(cause.fromMs, reportedMs - maxCallDelayMs)
  const to = Math.min(cause.toMs, reportedMs)
  if (from >= to) return 0
  const stated = statedDensity(world, told, reportedMs)
  const nodes = nodesOf(from, to, stated?.aroundMs, stated?.deviationsMs ?? [])
  const delayed = (ms: number): number => cause.rate(ms) * delayDensity(world, reportedMs - ms)
  if (trouble.pattern === 'chronic') return chronic * trapezoid(nodes, delayed)
  const sudden = suddenShares[cause.profile]
  const pattern = trouble.pattern === undefined ? 1 : trouble.pattern === 'sudden' ? sudden : 1 - sudden
  const telling = stated === undefined ? delayed : (ms: number): number => delayed(ms) * stated.density(ms)
  return (1 - chronic) * pattern * trapezoid(nodes, telling)
}

interface Stated {
  readonly aroundMs: number
  readonly deviationsMs: readonly number[]
  /** Of the statement, given the true moment. */
  density(trueMs: number): number
}

function statedDensity(world: SimWorld, { trouble }: Told, reportedMs: number): Stated | undefined {
  if (trouble?.from === undefined || trouble.pattern === 'chronic') return undefined
  const aroundMs = Date.parse(trouble.from) + roundingMs
  const { uncertaintyMs } = trouble
  const modes = (['exact', 'near', 'rough'] as const).flatMap((mode) => {
    const error = timeErrors[mode]
    if (uncertaintyMs !== undefined && uncertaintyMs !== error.admittedMs) return []
    const admitted = uncertaintyMs === undefined ? 1 - error.admittedShare : error.admittedShare
    return [{ weight: world.params.telling.time[mode] * admitted, deviationMs: error.deviationMs }]
  })
  // Whoever would have named a moment after the call says "just now".
  const isNow = Date.parse(trouble.from) >= reportedMs - minuteMs
  return {
    aroundMs,
    deviationsMs: modes.map(({ deviationMs }) => deviationMs),
    density: (trueMs) =>
      modes.reduce((sum, { weight, deviationMs }) => {
        const away = (aroundMs - trueMs) / deviationMs
        return sum + weight * (isNow ? upperTail(away) * (1 / minuteMs) : bell(away) / deviationMs)
      }, 0),
  }
}

function delayDensity(world: SimWorld, delayMs: number): number {
  return callDelays.reduce((sum, { share, meanMs }) => {
    const scaled = meanMs * world.params.callDelayFactor
    return sum + (share * Math.exp(-delayMs / scaled)) / scaled
  }, 0)
}

function nodesOf(
  from: number,
  to: number,
  aroundMs: number | undefined,
  deviationsMs: readonly number[],
): number[] {
  const nodes = Array.from({ length: evenNodes + 1 }, (_, index) => from + ((to - from) * index) / evenNodes)
  for (const minutes of edgeMinutes) nodes.push(from + minutes * minuteMs, to - minutes * minuteMs)
  if (aroundMs !== undefined)
    for (const deviation of deviationsMs)
      for (const times of bellNodes) nodes.push(aroundMs + times * deviation)
  return nodes.filter((ms) => ms >= from && ms <= to).sort((a, b) => a - b)
}

function trapezoid(nodes: readonly number[], density: (ms: number) => number): number {
  let area = 0
  let last: { ms: number; height: number } | undefined
  for (const ms of nodes) {
    const height = density(ms)
    if (last !== undefined) area += ((ms - last.ms) * (height + last.height)) / 2
    last = { ms, height }
  }
  return area
}

function bell(deviations: number): number {
  return Math.exp((-deviations * deviations) / 2) / Math.sqrt(2 * Math.PI)
}

/** The normal distribution's mass beyond so many deviations, by the logistic approximation with slope 1.702. */
function upperTail(deviations: number): number {
  return 1 / (1 + Math.exp(1.702 * deviations))
}
