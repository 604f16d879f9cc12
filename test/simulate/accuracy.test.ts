import { describe, expect, it } from 'vitest'
import type { ComplaintTruth } from '../../src/simulate/feed-event.ts'
import { adjustedRandIndex } from '../../bench/accuracy/adjusted-rand-index.ts'
import type { Attributed } from '../../bench/accuracy/answer.ts'
import { accuracyRows, runSeed } from '../../bench/accuracy/accuracy.ts'
import { scoreRun } from '../../bench/accuracy/score-run.ts'

const alarm = { kind: 'alarm' as const, id: 'nms/1@2026-03-01T00:00:00.000Z' }
const work = { kind: 'cutover' as const, id: 'CO-1' }

function truthOf(
  complaintId: string,
  accepted: ComplaintTruth['accepted'],
  outageId?: string,
): ComplaintTruth {
  const [cause] = accepted
  return {
    complaintId,
    scope: 'network',
    trouble: 'cutover',
    cause: cause ?? { kind: 'none' },
    accepted,
    ...(outageId === undefined ? {} : { outageId }),
    point: [0, 0],
    time: '2026-03-01T00:00:00.000Z',
  }
}

describe('scoring', () => {
  it('takes the root or any link for right, "none" only where there was no trace, and nothing for silence', () => {
    const truth = [
      truthOf('a', [work, alarm]),
      truthOf('b', [work, alarm]),
      truthOf('c', []),
      truthOf('d', []),
    ]
    const attributions = new Map<string, Attributed>([
      ['a', { answers: [{ refs: [alarm], probability: 0.9 }] }],
      [
        'b',
        {
          answers: [
            { refs: [], probability: 0.5 },
            { refs: [work], probability: 0.4 },
          ],
        },
      ],
      ['c', { answers: [{ refs: [], probability: 0.7 }] }],
    ])
    const score = scoreRun({ attributions, truth })
    expect(score.top1).toBe(0.5)
    expect(score.top3).toBe(0.75)
  })

  it('compares clusters with true troubles over what is clustered, and counts what is not', () => {
    const truth = ['a', 'b', 'c', 'd', 'e'].map((id) => truthOf(id, [alarm], 'outage'))
    const clustered = (ids: readonly string[]): Map<string, Attributed> =>
      new Map(ids.map((id) => [id, { answers: [], clusterId: 'one' }]))
    expect(scoreRun({ attributions: clustered(['a', 'b', 'c']), truth })).toMatchObject({
      clusterAri: 1,
      clusterCoverage: 0.6,
    })
  })

  it('gives the adjusted Rand index of a published example', () => {
    const table = [
      [1, 1, 0],
      [1, 2, 1],
      [0, 0, 4],
    ]
    const pairs = table.flatMap((row, i) =>
      row.flatMap((count, j) => Array.from({ length: count }, () => [`u${i}`, `v${j}`] as const)),
    )
    expect(adjustedRandIndex(pairs)).toBeCloseTo(0.313, 3)
    expect(adjustedRandIndex([])).toBe(1)
  })
})

describe('the oracle', () => {
  it('bounds the baseline from above, and is as often right as it says', async () => {
    const result = await runSeed({ preset: 'quiet', seeds: ['1'], attribute: () => new Map() }, '1')
    expect(result.oracle.top1).toBeGreaterThan(result.naive.top1 + 0.2)
    expect(result.oracle.top3).toBeGreaterThan(0.9)
    expect(result.oracle.calibrationError).toBeLessThan(0.06)
    expect(result.engine.top1).toBe(0)
    const rows = accuracyRows('quiet', [result])
    expect(rows.flatMap(({ met }) => (met === null ? [] : [met]))).toEqual([false, false])
  })
})
