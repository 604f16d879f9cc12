import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { createEngine, engineVersion, type Decision, type Input } from '../../src/correlate/engine.ts'
import { flatten, unflatten, type FlatGraph } from '../../src/correlate/state-graph.ts'
import { newEvent } from '../../src/domain/new-event.ts'
import { firstDifference } from '../fault/first-difference.ts'
import { endOf, townStory } from '../fault/town-story.ts'

/** As through a file. */
const kept = (graph: FlatGraph) => deserialize(serialize(graph)) as FlatGraph

function ticking(inputs: readonly Event[]): readonly Input[] {
  const lastMs = endOf(inputs)
  const ticks = [-2, -1, 0].map((days) => {
    const at = new Date(lastMs + days * 86_400_000).toISOString()
    return newEvent(
      'ClockTicked',
      {},
      {
        subject: 'clock',
        notification: at,
        occurredAt: at,
        recordedAt: at,
        meta: { source: 'causeway', actor: 'causeway' },
      },
    )
  })
  return [...inputs, ...ticks] as readonly Input[]
}

const textsOf = (decisions: readonly Decision[]) => decisions.map((decision) => JSON.stringify(decision))

describe('E2: an engine made of a snapshot goes on as the one that it was taken of', () => {
  test('E2: random days, cut at any point, deciding on', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        (seed, days, cuts) => {
          const inputs = ticking(townStory(seed, days))
          const whole = createEngine()
          const expected = inputs.map((input) => textsOf(whole.decide(input)))
          const cutAt = new Set(cuts.map((cut) => 1 + (cut % (inputs.length - 1))))
          let engine = createEngine()
          const decided = inputs.map((input, at) => {
            if (cutAt.has(at)) engine = createEngine(engineVersion, kept(engine.snapshot()))
            return textsOf(engine.decide(input))
          })
          expect(firstDifference(decided.flat(), expected.flat())).toBeUndefined()
          expect(engine.sizes()).toEqual(whole.sizes())
          // What both remember is the same to the last list: no later input can tell them apart.
          expect(kept(engine.snapshot())).toEqual(kept(whole.snapshot()))
        },
      ),
      { seed: 20_260_301, numRuns: 60 },
    )
  })

  test('E2: taken while folding logged decisions, then deciding', () => {
    for (const seed of [3, 4, 5]) {
      const inputs = ticking(townStory(seed, 3))
      const whole = createEngine()
      const logged = inputs.map((input) => whole.decide(input))
      const half = Math.floor(inputs.length / 2)
      const folding = createEngine()
      inputs.slice(0, half).forEach((input, at) => folding.fold(input, logged[at] ?? []))
      const restarted = createEngine(engineVersion, kept(folding.snapshot()))
      const decided = inputs.slice(half).flatMap((input) => textsOf(restarted.decide(input)))
      expect(firstDifference(decided, textsOf(logged.slice(half).flat()))).toBeUndefined()
    }
  })

  test('a snapshot shares nothing with the engine, and taking one changes nothing', () => {
    const inputs = ticking(townStory(9, 2))
    const [a, b] = [createEngine(), createEngine()]
    const half = Math.floor(inputs.length / 2)
    for (const input of inputs.slice(0, half)) {
      a.decide(input)
      b.decide(input)
      a.snapshot()
    }
    const before = serialize(a.snapshot())
    const decided = (engine: typeof a) => inputs.slice(half).flatMap((input) => textsOf(engine.decide(input)))
    expect(decided(a)).toEqual(decided(b))
    const again = createEngine(engineVersion, deserialize(before) as FlatGraph)
    expect(decided(again)).toEqual(decided(createEngine(engineVersion, deserialize(before) as FlatGraph)))
  })
})

test('a graph comes back with its cycles, its order and what it shares; what is no state is refused', () => {
  class Knot {
    next: Knot | undefined = undefined
    readonly bag = new Map<unknown, unknown>()
  }
  const classes = [{ prototype: Knot.prototype, make: () => new Knot() }]
  const knot = new Knot()
  knot.next = knot
  knot.bag.set('b', [1, null, undefined, Infinity, Number.NaN, -0]).set(knot, new Set([knot.bag]))
  const root = { knot, same: knot, figures: new Float64Array([1.5, 2]), empty: {} }
  const again = unflatten(kept(flatten(root, classes)), classes) as typeof root
  expect(again).toEqual(root)
  expect(again.knot).toBe(again.same)
  expect(again.knot.next).toBe(again.knot)
  let deep: object = {}
  for (let depth = 0; depth < 200_000; depth += 1) deep = { deep }
  expect(flatten(deep, []).kinds).toHaveLength(200_001)
  expect(() => flatten({ f: () => 1 }, [])).toThrow(/a function is no state/)
  expect(() => flatten(new Knot(), [])).toThrow(/unknown class/)
})
