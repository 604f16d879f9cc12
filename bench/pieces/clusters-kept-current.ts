import { benchParams, clusterWorkload, inOneMoment, type Arrival } from '../clusters/workload.ts'
import { agreement, partitionOf, runBatch, runIncremental, type Partition } from '../clusters/contestants.ts'
import { requirePeer } from '../peers.ts'
import type { Piece } from '../piece.ts'
import { median, toRow } from '../row.ts'

const seed = 1
const runs = 3
const points = 50_000
const normalKm = 200
const squeezedKm = 10

interface Feature {
  readonly properties: { readonly dbscan?: string; readonly cluster?: number }
}
type ClustersDbscan = (
  points: object,
  maxKilometers: number,
  options: { minPoints: number },
) => { readonly features: readonly Feature[] }

/** (c): clusters that are current at every moment, against doing it all at once. */
export const clustersKeptCurrent: Piece = async ({ say }) => {
  const normal = clusterWorkload({ seed, complaints: points, sideKm: normalKm })
  const squeezed = clusterWorkload({ seed, complaints: points, sideKm: squeezedKm })
  say('incremental and batch')
  const incremental = repeated(() => runIncremental(normal, benchParams))
  const batch = repeated(() => runBatch(normal, benchParams))
  const equal = JSON.stringify(partitionOf(incremental.result)) === JSON.stringify(batch.result)
  say('squeezed into 10 km')
  const dense = repeated(() => runIncremental(squeezed, benchParams))
  const note = `seed ${seed}; ${points} complaints of a week, half of them up to 13 h late, 500 m, 30 min, 4 customers; median of ${runs} runs`
  const rate = points / incremental.seconds
  return [
    againstTurf(points, say),
    toRow({
      name: 'c clusters kept current, against our own batch at the end',
      unit: 'complaints/s',
      value: rate,
      peer: { name: 'our batch, once', value: points / batch.seconds },
      note: `${equal ? 'partitions equal' : 'PARTITIONS DIFFER'}; ${note}`,
    }),
    toRow({
      name: 'c clusters kept current, the city squeezed into 10 km',
      unit: 'complaints/s',
      value: points / dense.seconds,
      peer: { name: 'the city as it is', value: rate },
      leastRatio: 0.25,
      note,
    }),
  ]
}

/** The peer knows neither time nor customers, so both get the same places at one moment, each from another customer. */
function againstTurf(count: number, say: (text: string) => void) {
  const name = 'c clusters kept current, against @turf/clusters-dbscan'
  const arrivals = inOneMoment(clusterWorkload({ seed, complaints: count, sideKm: normalKm }))
  const ours = repeated(() => runIncremental(arrivals, benchParams))
  const value = count / ours.seconds
  const note = `seed ${seed}; ${count} places at one moment, 500 m, 4 points; the peer once, ours median of ${runs}`
  const turf = requirePeer('@turf/clusters-dbscan') as { clustersDbscan: ClustersDbscan } | undefined
  if (turf === undefined)
    return toRow({
      name,
      unit: 'complaints/s',
      value,
      leastRatio: 100,
      note: `NO PEER: not installed; ${note}`,
    })
  say(`@turf/clusters-dbscan on ${count} points`)
  const collection = toCollection(arrivals)
  const startedMs = performance.now()
  const { features } = turf.clustersDbscan(collection, benchParams.epsMeters / 1000, {
    minPoints: benchParams.minCustomers,
  })
  const seconds = (performance.now() - startedMs) / 1000
  const mine = agreement(partitionOf(ours.result))
  const theirs = agreement(partitionOfFeatures(arrivals, features))
  const differing = symmetricDifference(mine.clustered, theirs.clustered)
  return toRow({
    name,
    unit: 'complaints/s',
    value,
    peer: { name: '@turf/clusters-dbscan', value: count / seconds },
    leastRatio: 100,
    note: `${mine.clusters} clusters, the peer ${theirs.clusters}; ${differing} of ${count} in a cluster with one and not with the other; ${note}`,
  })
}

function toCollection(arrivals: readonly Arrival[]): object {
  return {
    type: 'FeatureCollection',
    features: arrivals.map(({ complaint: { lon, lat } }) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  }
}

function partitionOfFeatures(arrivals: readonly Arrival[], features: readonly Feature[]): Partition {
  const clusters = new Map<number, string[]>()
  features.forEach(({ properties: { cluster, dbscan } }, at) => {
    if (cluster === undefined || dbscan === 'noise') return
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), arrivals[at]?.complaint.id ?? ''])
  })
  return [...clusters.values()]
}

function symmetricDifference(mine: readonly string[], theirs: readonly string[]): number {
  const [a, b] = [new Set(mine), new Set(theirs)]
  return mine.filter((id) => !b.has(id)).length + theirs.filter((id) => !a.has(id)).length
}

function repeated<T>(run: () => T): { readonly seconds: number; readonly result: T } {
  const seconds: number[] = []
  let result = run()
  for (let left = runs; left > 0; left -= 1) {
    const startedMs = performance.now()
    result = run()
    seconds.push((performance.now() - startedMs) / 1000)
  }
  return { seconds: median(seconds), result }
}
