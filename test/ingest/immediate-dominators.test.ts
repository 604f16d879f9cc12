import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { immediateDominators } from '../../src/ingest/immediate-dominators.ts'

type Graph = ReadonlyMap<string, readonly string[]>

function graphOf(pairs: readonly (readonly [string, string])[]): Graph {
  const graph = new Map<string, string[]>()
  for (const [a, b] of pairs) {
    graph.set(a, [...(graph.get(a) ?? []), b])
    graph.set(b, [...(graph.get(b) ?? []), a])
  }
  return graph
}

const dominators = (entries: readonly string[], graph: Graph) =>
  immediateDominators(entries, (node) => graph.get(node) ?? [])

describe('the nearest node that every way out leads through', () => {
  test('is the block router for a ring that it closes, and the router on the ring for its spur', () => {
    const ring = graphOf([
      ['block', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'block'],
      ['b', 'spur'],
      ['spur', 'end'],
    ])
    expect(Object.fromEntries(dominators(['block'], ring))).toEqual({
      block: undefined,
      a: 'block',
      b: 'block',
      c: 'block',
      spur: 'b',
      end: 'spur',
    })
  })

  test('is none where two block routers are reached by separate ways, and unknown where none is', () => {
    const between = graphOf([
      ['north', 'a'],
      ['a', 'b'],
      ['b', 'south'],
      ['island', 'other'],
    ])
    const found = dominators(['north', 'south'], between)
    expect(found.get('a')).toBeUndefined()
    expect(found.has('a')).toBe(true)
    expect(found.has('island')).toBe(false)
  })

  test('is what cuts the node off when it is taken away, and nothing nearer does (property)', () => {
    const node = fc.integer({ min: 0, max: 7 }).map(String)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(node, node), { maxLength: 14 }),
        fc.uniqueArray(node, { minLength: 1, maxLength: 2 }),
        (pairs, entries) => {
          const graph = graphOf(pairs)
          const found = dominators(entries, graph)
          expect(new Set(found.keys())).toEqual(reached(entries, graph))
          for (const [one, nearest] of found) {
            const cutters = [...found.keys()].filter(
              (other) => other !== one && !reached(entries, graph, other).has(one),
            )
            const chain: string[] = []
            for (let up = nearest; up !== undefined; up = found.get(up)) chain.push(up)
            expect(chain.toSorted()).toEqual(cutters.toSorted())
          }
        },
      ),
      { seed: 7, numRuns: 400 },
    )
  })

  test('is found along chains longer than any call stack', () => {
    const length = 50_000
    const chain = graphOf(Array.from({ length }, (_, at) => [String(at), String(at + 1)] as const))
    expect(dominators(['0'], chain).get(String(length))).toBe(String(length - 1))
  })
})

function reached(entries: readonly string[], graph: Graph, without?: string): Set<string> {
  const seen = new Set<string>()
  const left = entries.filter((entry) => entry !== without)
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    left.push(...(graph.get(node) ?? []).filter((next) => next !== without))
  }
  return seen
}
