import { describe, expect, test } from 'vitest'
import { clusterBatch } from '../../../src/correlate/clusters/cluster-batch.ts'
import type { ClusterChange } from '../../../src/correlate/clusters/cluster-change.ts'
import { createIncrementalClusters } from '../../../src/correlate/clusters/incremental-clusters.ts'
import { createFoldedPartition } from './folded-partition.ts'
import { at, latticeParams, minutes, type LatticePoint } from './lattice.ts'

/** Clusters with the complaints inserted, and what the last of them changed. */
function withComplaints(...points: (readonly [id: string, point?: LatticePoint])[]) {
  const clusters = createIncrementalClusters(latticeParams)
  let last: readonly ClusterChange[] = []
  for (const [id, point] of points) last = clusters.insert(at(id, point))
  return { clusters, last }
}

const opened = (clusterId: string, ...memberIds: string[]) => ({ kind: 'opened', clusterId, memberIds })
const joined = (clusterId: string, complaintId: string) => ({ kind: 'joined', clusterId, complaintId })
const left = (clusterId: string, complaintId: string) => ({ kind: 'left', clusterId, complaintId })
const closed = (clusterId: string, reason: string) => ({ kind: 'closed', clusterId, reason })

describe('density', () => {
  test('the third customer opens a cluster, named after its oldest core', () => {
    const { last } = withComplaints(['a', { minute: 2 }], ['b', { minute: 1 }], ['c', { minute: 3 }])
    expect(last).toEqual([opened('cluster-b', 'a', 'b', 'c')])
  })

  test('a customer who calls again is a member and no density', () => {
    const { clusters, last } = withComplaints(
      ['a'],
      ['b'],
      ['b2', { customer: 'b' }],
      ['b3', { customer: 'b' }],
    )
    expect(last).toEqual([])
    expect(clusters.insert(at('c'))).toEqual([opened('cluster-a', 'a', 'b', 'b2', 'b3', 'c')])
    expect(clusters.insert(at('c2', { customer: 'c' }))).toEqual([joined('cluster-a', 'c2')])
  })

  test('the customer stays counted while one of several complaints is left', () => {
    const { clusters } = withComplaints(['a'], ['b'], ['c'], ['c2', { customer: 'c' }])
    expect(clusters.withdraw('c')).toEqual([left('cluster-a', 'c')])
    expect(clusters.withdraw('c2')).toEqual([
      left('cluster-a', 'a'),
      left('cluster-a', 'b'),
      left('cluster-a', 'c2'),
      closed('cluster-a', 'dissolved'),
    ])
  })

  test('a complaint without density joins and makes no core', () => {
    const { clusters, last } = withComplaints(['a'], ['b'], ['thin', { dense: false }])
    expect(last).toEqual([])
    expect(clusters.insert(at('c'))).toEqual([opened('cluster-a', 'a', 'b', 'c', 'thin')])
    expect(clusters.insert(at('beyond', { east: 5 }))).toEqual([])
  })

  test('lanes do not mix', () => {
    expect(withComplaints(['a'], ['b'], ['c', { lane: 'slow-data' }]).last).toEqual([])
  })
})

describe('border complaints', () => {
  const west = ['w1', 'w2', 'w3'].map((id) => [id, { east: -3 }] as const)
  const east = ['e1', 'e2', 'e3'].map((id) => [id, { east: 4 }] as const)

  test('join the nearest core, and go over when a nearer one appears', () => {
    const border = ['border', { dense: false }] as const
    expect(withComplaints(...east, border).last).toEqual([joined('cluster-e1', 'border')])
    const { clusters } = withComplaints(...east, border, ['w2', { east: -3 }], ['w3', { east: -3 }])
    expect(clusters.insert(at('w1', { east: -3, minute: 4 }))).toEqual([
      left('cluster-e1', 'border'),
      opened('cluster-w2', 'border', 'w1', 'w2', 'w3'),
    ])
  })

  test('E3: ties of distance go to the nearer in time, then to the lower id', () => {
    const thin = { east: 0.5, dense: false }
    expect(withComplaints(...west, ...east, ['tie', thin]).last).toEqual([joined('cluster-e1', 'tie')])
    const later = west.map(([id, point]) => [id, { ...point, minute: 1 }] as const)
    expect(withComplaints(...later, ...east, ['tie', { ...thin, minute: 1 }]).last).toEqual([
      joined('cluster-w1', 'tie'),
    ])
  })
})

describe('merge and split', () => {
  /** Two clusters, the eastern one with the older trouble but opened later, and a complaint that joins them. */
  const trio = (name: string, point: LatticePoint) => [1, 2, 3].map((n) => [`${name}${n}`, point] as const)
  const bridged = () =>
    withComplaints(...trio('w', { minute: 1 }), ...trio('e', { east: 8 }), ['bridge', { east: 4 }])

  test('a merge keeps the cluster that was opened first', () => {
    expect(bridged().last).toEqual([
      { kind: 'merged', intoId: 'cluster-w1', fromId: 'cluster-e1' },
      joined('cluster-w1', 'bridge'),
    ])
  })

  test('a withdrawal splits; the part with the oldest core keeps the id', () => {
    expect(bridged().clusters.withdraw('bridge')).toEqual([
      { kind: 'split', fromId: 'cluster-w1', clusterId: 'cluster-w1~1', memberIds: ['w1', 'w2', 'w3'] },
      left('cluster-w1', 'bridge'),
    ])
  })

  test('amended out of the middle and back: splits and merges again', () => {
    const { clusters } = bridged()
    const kinds = (changes: readonly ClusterChange[]) => changes.map(({ kind }) => kind)
    expect(kinds(clusters.amend(at('bridge', { east: 40 })))).toEqual(['split', 'left'])
    expect(kinds(clusters.amend(at('bridge', { east: 4 })))).toEqual(['merged', 'joined'])
    expect(clusters.clusterIdOf('w2')).toBe('cluster-w1')
  })

  test('E3: members that retired long ago go along with their part, borders of retired cores too', () => {
    // Minute of arrival, id, east, north, minute of trouble, customer; found by random search.
    const rows = [
      [3, 'c050', 8, 4, 3, '3'],
      [3, 'c062', 2, 3, 3, '7'],
      [7, 'c036', 13, 5, 3, '1'],
      [7, 'c065', 3, 2, 5, '2'],
      [10, 'c009', 12, 0, 9, '6'],
      [10, 'c051', 12, 4, 7, '7'],
      [11, 'c058', 2, 0, 9, '4'],
      [12, 'c036', 2, 1, 12, '7'],
      [14, 'c037', 14, 0, 10, '0'],
      [16, 'c059', 13, 0, 13, '7'],
      [18, 'c001', 11, 4, 9, '7'],
      [20, 'c054', 10, 1, 17, '6'],
      [20, 'c056', 1, 3, 15, '2'],
      [21, 'c057', 3, 5, 18, '6'],
      [22, 'c060', 11, 0, 21, '2'],
      [23, 'c066', 4, 5, 21, '4'],
      [26, 'c020', 8, 0, 22, '7'],
      [27, 'c028', 6, 2, 25, '2'],
      [28, 'c012', 10, 0, 22, '3'],
      [30, 'c066', 10, 4, 20, '0'],
    ] as const
    const clusters = createIncrementalClusters(latticeParams)
    const partition = createFoldedPartition()
    const complaints = new Map(
      rows.map(([arrival, id, east, north, minute, customer]) => {
        const complaint = at(id, { east, north, minute, customer })
        partition.apply(clusters.advance(minutes(arrival)))
        partition.apply(clusters.amend(complaint))
        return [id, complaint]
      }),
    )
    expect(clusters.clusterIdOf('c051')).toBeUndefined()
    expect(partition.clusters()).toEqual(clusterBatch([...complaints.values()], latticeParams))
    expect(partition.clusterOf('c001')).toBe(partition.clusterOf('c051'))
  })
})

describe('lateness and retirement', () => {
  const { latenessMs, epsMs } = latticeParams

  test('what is later than lateness weighs nothing: insert, withdraw, amend', () => {
    const { clusters } = withComplaints(['a'], ['b'], ['c'])
    clusters.advance(latenessMs)
    expect(clusters.isTooLate(0)).toBe(false)
    expect(clusters.insert(at('d'))).toEqual([joined('cluster-a', 'd')])
    clusters.advance(latenessMs + 1)
    expect(clusters.isTooLate(0)).toBe(true)
    expect(clusters.insert(at('e'))).toEqual([])
    expect(clusters.withdraw('a')).toEqual([])
    expect(clusters.amend(at('a', { east: 9, minute: 5 }))).toEqual([])
    expect(clusters.clusterIdOf('a')).toBe('cluster-a')
  })

  test('E5: a cluster closes when its last member is past three times the span and lateness; then nothing is held', () => {
    const { clusters } = withComplaints(['a'], ['b'], ['c'], ['alone', { east: 50 }])
    expect(clusters.advance(latenessMs + 3 * epsMs)).toEqual([])
    expect(clusters.advance(latenessMs + 4 * epsMs)).toEqual([closed('cluster-a', 'settled')])
    expect(clusters.sizes()).toEqual({ complaints: 0, openClusters: 0 })
    expect(clusters.advance(0)).toEqual([])
  })

  test('E5: a cluster that never ends holds no more complaints than the window has', () => {
    const clusters = createIncrementalClusters(latticeParams)
    const windowMinutes = (latenessMs + 4 * epsMs) / minutes(1)
    for (let minute = 0; minute < 2000; minute++) {
      clusters.advance(minutes(minute))
      clusters.insert(at(`c${minute}`, { minute }))
      expect(clusters.sizes().complaints).toBeLessThanOrEqual(windowMinutes + 1)
    }
    expect(clusters.clusterIdOf('c1999')).toBe('cluster-c0')
  })

  test('E5: of a part that splits off late, no more retired members are named than the cap allows', () => {
    const clusters = createIncrementalClusters({ ...latticeParams, maxRetiredIds: 5 })
    for (let minute = 0; minute < 60; minute++) {
      clusters.advance(minutes(minute))
      clusters.insert(at(`w${minute}`, { minute }))
      clusters.insert(at(`e${minute}`, { minute, east: 8 }))
    }
    clusters.insert(at('bridge', { minute: 59, east: 4 }))
    const [split] = clusters.withdraw('bridge')
    expect(split).toMatchObject({ kind: 'split', fromId: 'cluster-w0' })
    const retired =
      split?.kind === 'split' ? split.memberIds.filter((id) => clusters.clusterIdOf(id) === undefined) : []
    expect(retired).toHaveLength(5)
  })
})

describe('input that makes no sense', () => {
  test.each([
    { epsMeters: 0 },
    { epsMeters: Number.NaN },
    { epsMs: 0.5 },
    { minCustomers: 0 },
    { latenessMs: -1 },
    { latenessMs: Number.NaN },
  ])('parameters %o are refused', (wrong) => {
    expect(() => createIncrementalClusters({ ...latticeParams, ...wrong })).toThrow(RangeError)
  })

  test.each([{ lon: Number.NaN }, { lat: 91 }, { timeMs: Number.NaN }, { timeMs: 1e15 }])(
    'a complaint with %o is refused and leaves no trace',
    (wrong) => {
      const { clusters } = withComplaints(['a'], ['b'])
      expect(() => clusters.insert({ ...at('c'), ...wrong })).toThrow(RangeError)
      expect(() => clusters.amend({ ...at('a'), ...wrong })).toThrow(RangeError)
      expect(clusters.insert(at('c'))).toEqual([opened('cluster-a', 'a', 'b', 'c')])
      expect(() => clusters.insert(at('c'))).toThrow(/amend/)
    },
  )

  test('an unknown complaint cannot be withdrawn; amended, it is taken in', () => {
    const { clusters } = withComplaints(['a'], ['b'])
    expect(clusters.withdraw('c')).toEqual([])
    expect(clusters.amend(at('c'))).toEqual([opened('cluster-a', 'a', 'b', 'c')])
  })
})
