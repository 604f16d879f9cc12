import { expect, test } from 'vitest'
import { createEngine, type Input } from '../../src/correlate/engine.ts'
import { toMs } from '../../schemas/instant.ts'
import { townStory } from '../fault/town-story.ts'
import { hourMs, input } from './day.ts'

test('E2: decisions of an engine that ended no outage stand, do not hold the fold up, and the next engine ends them', () => {
  let ended = 0
  let leftOpen = 0
  for (const seed of [1, 2, 3, 4, 5]) {
    const story = townStory(seed, 3) as readonly Input[]
    const lastMs = Math.max(...story.map(({ recordedAt }) => toMs(recordedAt)))
    const former = createEngine()
    const engine = createEngine()
    for (const each of [...story, input('ClockTicked', lastMs + 6 * hourMs, {})]) {
      const decisions = former.decide(each).filter(({ type }) => type !== 'OutageEnded')
      engine.fold(each, decisions)
    }
    leftOpen += (engine.sizes()['outages'] ?? 0) - (former.sizes()['outages'] ?? 0)
    const decided = engine.decide(input('ClockTicked', lastMs + 12 * hourMs, {}))
    ended += decided.filter(({ type }) => type === 'OutageEnded').length
  }
  expect(leftOpen).toBeGreaterThan(5)
  expect(ended).toBeGreaterThan(5)
})
