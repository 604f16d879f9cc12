import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterBatch } from '../../../src/correlate/clusters/cluster-batch.ts'
import type { ClusterChange } from '../../../src/correlate/clusters/cluster-change.ts'
import type { PlacedComplaint } from '../../../src/correlate/clusters/cluster-params.ts'
import { createIncrementalClusters } from '../../../src/correlate/clusters/incremental-clusters.ts'
import { arbitraryArms, arbitraryComplaints } from './arbitrary-complaints.ts'
import { createFoldedPartition } from './folded-partition.ts'
import { latticeParams, minutes } from './lattice.ts'

type Operation =
  | { readonly kind: 'insert' | 'amend'; readonly complaint: PlacedComplaint }
  | { readonly kind: 'withdraw'; readonly complaint: PlacedComplaint }

interface Arrival {
  readonly atMs: number
  readonly operation: Operation
}

const latenessMinutes = latticeParams.latenessMs / minutes(1)
const delay = fc.integer({ min: 0, max: latenessMinutes })

/**
 * Complaints that arrive in any order within lateness, some withdrawn and some amended, again within lateness. What
 * arrives at the same minute arrives in the order of the list.
 */
function arbitraryArrivals(all: fc.Arbitrary<readonly PlacedComplaint[]>): fc.Arbitrary<readonly Arrival[]> {
  return all.chain((complaints) => {
    const fate = fc.record({
      delay,
      fate: fc.constantFrom('stays', 'stays', 'stays', 'withdrawn', 'amended' as const),
      fateDelay: delay,
      as: fc.nat({ max: Math.max(0, complaints.length - 1) }),
    })
    return fc
      .array(fate, { minLength: complaints.length, maxLength: complaints.length })
      .map((fates) =>
        complaints.flatMap((complaint, index) => arrivalsOf(complaint, fates[index], complaints)),
      )
      .map((arrivals) => arrivals.sort((a, b) => a.atMs - b.atMs))
  })
}

interface Fate {
  readonly delay: number
  readonly fate: string
  readonly fateDelay: number
  readonly as: number
}

function arrivalsOf(
  complaint: PlacedComplaint,
  fate: Fate | undefined,
  all: readonly PlacedComplaint[],
): Arrival[] {
  if (fate === undefined) return []
  const first = Math.min(fate.delay, fate.fateDelay)
  const then = Math.max(fate.delay, fate.fateDelay)
  const insert: Arrival = {
    atMs: complaint.timeMs + minutes(first),
    operation: { kind: 'insert', complaint },
  }
  const atMs = complaint.timeMs + minutes(then)
  if (fate.fate === 'withdrawn') return [insert, { atMs, operation: { kind: 'withdraw', complaint } }]
  const other = all[fate.as]
  if (fate.fate === 'amended' && other !== undefined && other.timeMs >= atMs - latticeParams.latenessMs)
    return [insert, { atMs, operation: { kind: 'amend', complaint: { ...other, id: complaint.id } } }]
  return [insert]
}

function run(
  arrivals: readonly Arrival[],
  each: (changes: readonly ClusterChange[], arrival: Arrival) => void,
): void {
  const clusters = createIncrementalClusters(latticeParams)
  for (const arrival of arrivals) {
    each(clusters.advance(arrival.atMs), arrival)
    const { operation } = arrival
    switch (operation.kind) {
      case 'insert':
        each(clusters.insert(operation.complaint), arrival)
        break
      case 'amend':
        each(clusters.amend(operation.complaint), arrival)
        break
      case 'withdraw':
        each(clusters.withdraw(operation.complaint.id), arrival)
        break
      default:
        operation satisfies never
    }
  }
}

function remaining(arrivals: readonly Arrival[]): readonly PlacedComplaint[] {
  const complaints = new Map<string, PlacedComplaint>()
  for (const { operation } of arrivals) {
    if (operation.kind === 'withdraw') complaints.delete(operation.complaint.id)
    else complaints.set(operation.complaint.id, operation.complaint)
  }
  return [...complaints.values()]
}

describe('incremental clusters', () => {
  test.each([
    { shape: 'scattered over a lattice', complaints: arbitraryComplaints(100, 60), numRuns: 400 },
    { shape: 'in two arms that meet', complaints: arbitraryArms(140, 60), numRuns: 400 },
  ])(
    'E3: complaints $shape, late, amended, withdrawn: the partition is the batch’s',
    ({ complaints, numRuns }) => {
      fc.assert(
        fc.property(arbitraryArrivals(complaints), (arrivals) => {
          const partition = createFoldedPartition()
          run(arrivals, (changes) => partition.apply(changes))
          expect(partition.clusters()).toEqual(clusterBatch(remaining(arrivals), latticeParams))
        }),
        { seed: 5, numRuns },
      )
    },
  )

  test('E3: the partition is the batch’s after each single operation', () => {
    fc.assert(
      fc.property(arbitraryArrivals(arbitraryComplaints(50, 30)), (arrivals) => {
        const partition = createFoldedPartition()
        let done = 0
        run(arrivals, (changes) => {
          partition.apply(changes)
          if (done++ % 2 === 0) return
          expect(partition.clusters()).toEqual(
            clusterBatch(remaining(arrivals.slice(0, done / 2)), latticeParams),
          )
        })
      }),
      { seed: 7, numRuns: 150 },
    )
  })

  test('E1: the same operations give the same changes, byte for byte', () => {
    fc.assert(
      fc.property(arbitraryArrivals(arbitraryArms(60, 40)), (arrivals) => {
        const tell = () => {
          const lines: string[] = []
          run(arrivals, (changes) => lines.push(JSON.stringify(changes)))
          return lines.join('\n')
        }
        expect(tell()).toBe(tell())
      }),
      { seed: 11, numRuns: 100 },
    )
  })

  test('a cluster keeps its id while it grows, and a merge keeps the id that was opened first', () => {
    fc.assert(
      fc.property(arbitraryComplaints(60), (complaints) => {
        const clusters = createIncrementalClusters(latticeParams)
        const opened: string[] = []
        for (const complaint of complaints) {
          for (const change of clusters.insert(complaint)) {
            expect(['opened', 'joined', 'left', 'merged']).toContain(change.kind)
            if (change.kind === 'opened') opened.push(change.clusterId)
            if (change.kind === 'merged')
              expect(opened.indexOf(change.intoId)).toBeLessThan(opened.indexOf(change.fromId))
          }
        }
        expect(new Set(opened).size).toBe(opened.length)
      }),
      { seed: 13, numRuns: 200 },
    )
  })
})
