import type { ComplaintTruth } from '../../src/simulate/feed-event.ts'
import { flatMeters } from '../../src/simulate/flat-earth.ts'
import { grouped } from '../../src/simulate/grouped.ts'
import type { TroubleKind } from '../../src/simulate/sim-params.ts'
import { adjustedRandIndex } from './adjusted-rand-index.ts'
import { isRightAnswer, type Attributed } from './answer.ts'

const calibrationBins = 10
const topCount = 3
/** A cluster is deserved where so many customers had the same trouble truly so near and at nearly the same time. */
const deserving = { customers: 4, meters: 500, ms: 30 * 60_000 }

export interface Score {
  readonly complaints: number
  readonly top1: number
  readonly top3: number
  readonly byTrouble: ReadonlyMap<TroubleKind, { readonly complaints: number; readonly top1: number }>
  /** Of the answer given first: how sure it was on average, and how often it was right. */
  readonly calibration: readonly {
    readonly from: number
    readonly complaints: number
    readonly stated: number
    readonly right: number
  }[]
  /** Mean distance between stated and right, weighted by complaints. */
  readonly calibrationError: number
  /** Agreement of clusters with true troubles over the clustered complaints. */
  readonly clusterAri: number
  /** Complaints that deserve a cluster, by true place and time, which are in one. */
  readonly clusterCoverage: number
}

/** Judges answers by the truth. A complaint without an answer counts as wrong and as in no cluster. */
export function scoreRun({
  attributions,
  truth,
}: {
  readonly attributions: ReadonlyMap<string, Attributed>
  readonly truth: readonly ComplaintTruth[]
}): Score {
  const judged = truth.map((one) => {
    const answers = attributions.get(one.complaintId)?.answers ?? []
    const right = answers.slice(0, topCount).map((answer) => isRightAnswer(one, answer))
    return {
      trouble: one.trouble,
      probability: answers[0]?.probability ?? 0,
      first: right[0] ?? false,
      among: right.includes(true),
    }
  })
  const byTrouble = new Map<TroubleKind, { complaints: number; top1: number }>()
  for (const { trouble } of judged) {
    if (byTrouble.has(trouble)) continue
    const same = judged.filter((other) => other.trouble === trouble)
    byTrouble.set(trouble, { complaints: same.length, top1: share(same, ({ first }) => first) })
  }
  const calibration = calibrationOf(judged)
  return {
    complaints: truth.length,
    top1: share(judged, ({ first }) => first),
    top3: share(judged, ({ among }) => among),
    byTrouble,
    calibration,
    calibrationError:
      calibration.reduce((sum, bin) => sum + bin.complaints * Math.abs(bin.stated - bin.right), 0) /
      Math.max(1, truth.length),
    ...clusterScore(attributions, truth),
  }
}

function calibrationOf(
  judged: readonly { readonly probability: number; readonly first: boolean }[],
): Score['calibration'] {
  return Array.from({ length: calibrationBins }, (_, index) => {
    const inside = judged.filter(
      ({ probability }) => Math.min(calibrationBins - 1, Math.floor(probability * calibrationBins)) === index,
    )
    const stated = inside.reduce((sum, { probability }) => sum + probability, 0) / Math.max(1, inside.length)
    return {
      from: index / calibrationBins,
      complaints: inside.length,
      stated,
      right: share(inside, ({ first }) => first),
    }
  })
}

function clusterScore(
  attributions: ReadonlyMap<string, Attributed>,
  truth: readonly ComplaintTruth[],
): Pick<Score, 'clusterAri' | 'clusterCoverage'> {
  const clusterOf = (one: ComplaintTruth): string | undefined => attributions.get(one.complaintId)?.clusterId
  const pairs = truth.flatMap((one): [string, string][] => {
    const clusterId = clusterOf(one)
    return clusterId === undefined ? [] : [[clusterId, one.outageId ?? `alone ${one.complaintId}`]]
  })
  return {
    clusterAri: adjustedRandIndex(pairs),
    clusterCoverage: share(dense(truth), (one) => clusterOf(one) !== undefined),
  }
}

function dense(truth: readonly ComplaintTruth[]): ComplaintTruth[] {
  const firsts = truth.filter(({ outageId, repeat }) => outageId !== undefined && repeat !== true)
  return [...grouped(firsts, ({ outageId }) => outageId).values()].flatMap((same) =>
    same.filter((one) => same.filter((other) => isNear(one, other)).length >= deserving.customers),
  )
}

function isNear(one: ComplaintTruth, other: ComplaintTruth): boolean {
  if (Math.abs(Date.parse(one.time) - Date.parse(other.time)) > deserving.ms) return false
  return flatMeters(one.point, other.point) <= deserving.meters
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length
}
