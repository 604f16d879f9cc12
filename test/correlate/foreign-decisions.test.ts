import { expect, test } from 'vitest'
import { createEngine, type Input } from '../../src/correlate/engine.ts'
import { endOf, townStory } from '../fault/town-story.ts'
import { input } from './day.ts'

test('E2: decisions of an engine that ended no outage stand, and the next one ends them', () => {
  let ended = 0
  for (const seed of [1, 2, 3, 4, 5]) {
    const story = townStory(seed, 3)
    const inputs: readonly Input[] = [
      ...(story as readonly Input[]),
      input('ClockTicked', endOf(story), {}),
      input('ClockTicked', endOf(story) + 86_400_000, {}),
    ]
    const former = createEngine()
    const engine = createEngine()
    for (const each of inputs) {
      const decisions = former.decide(each)
      engine.fold(
        each,
        decisions.filter(({ type }) => type !== 'OutageEnded'),
      )
    }
    const last = input('ClockTicked', endOf(story) + 2 * 86_400_000, {})
    former.decide(last)
    ended += engine.decide(last).filter(({ type }) => type === 'OutageEnded').length
    expect(engine.sizes()['outages']).toBeLessThanOrEqual(former.sizes()['outages'] ?? 0)
  }
  expect(ended).toBeGreaterThan(0)
})
