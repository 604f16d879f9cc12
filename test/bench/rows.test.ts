import { describe, expect, test } from 'vitest'
import { cityOf, wholeCity } from '../../bench/city-options.ts'
import { cityEvents } from '../../bench/city.ts'
import { pieces } from '../../bench/pieces/all-pieces.ts'
import { measure } from '../../bench/pieces/search-and-score.ts'
import { median, quantile, toRow } from '../../bench/row.ts'
import { engineSearcher } from '../../bench/search/engine-searcher.ts'
import { offer, plainScore, type Best, type PlainCause } from '../../bench/search/plain-score.ts'
import { plainSteps } from '../../bench/search/plain-stream.ts'
import { tableOf } from '../../bench/table.ts'
import { eventData } from '../../schemas/event.ts'

const smallCity = cityOf(0.005)

function firstEvents(count: number) {
  const stream = cityEvents(smallCity)
  return Array.from({ length: count }, () => stream.next().value)
}

describe('rows', () => {
  test('a ratio at the least that is aimed at is met', () => {
    const row = toRow({
      name: 'n',
      unit: 'u',
      value: 3,
      peer: { name: 'p', value: 2 },
      leastRatio: 1.5,
      note: '',
    })
    expect(row).toMatchObject({ ratio: 1.5, aim: 'ratio at least 1.5', met: true })
  })

  test('what must not grow is missed when it grows', () => {
    const row = toRow({
      name: 'n',
      unit: 'u',
      value: 3,
      peer: { name: 'p', value: 2 },
      mostRatio: 1.1,
      note: '',
    })
    expect(row.met).toBe(false)
  })

  test('a peer that is missing leaves the verdict open, and the table says so', () => {
    const row = toRow({ name: 'n', unit: 'u', value: 3, leastRatio: 1.5, note: 'NO PEER' })
    expect(row).toMatchObject({ peer: null, ratio: null, met: null })
    expect(tableOf([row])).toContain('NOT JUDGED')
  })

  test('middle and quantiles by nearest rank', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2)
    expect(quantile([4, 1, 3, 2], 0.99)).toBe(4)
  })
})

describe('the city', () => {
  test('the same seed gives the same events, another seed others', () => {
    const other = cityEvents({ ...smallCity, seed: 'other' })
    expect(firstEvents(2_000)).toEqual(firstEvents(2_000))
    expect(Array.from({ length: 2_000 }, () => other.next().value)).not.toEqual(firstEvents(2_000))
  })

  test('its events are as the log holds them, in the order in which it takes them', () => {
    const events = firstEvents(2_000)
    for (const { type, data } of events) expect(eventData[type].parse(data)).toEqual(data)
    const recorded = events.map(({ recordedAt }) => recordedAt)
    expect(recorded).toEqual(recorded.toSorted())
  })
})

test("the engine's indices find what looking at every cause finds", () => {
  const events = firstEvents(3_000)
  const steps = plainSteps(events)
  const { answers } = measure(engineSearcher(events), [], steps)
  const live = new Set<PlainCause>()
  const expected: Best[] = []
  for (const step of steps) if (step.kind === 'add') step.cause.endMs = Infinity
  for (const step of steps) {
    if (step.kind === 'add') live.add(step.cause)
    if (step.kind === 'end') step.cause.endMs = step.endMs
    if (step.kind === 'remove') live.delete(step.cause)
    if (step.kind !== 'ask') continue
    const best: Best = { key: undefined, score: Infinity }
    for (const cause of live) offer(best, cause.key, plainScore(cause, step.complaint))
    expected.push(best)
  }
  expect(answers).toEqual(expected)
  expect(answers.some(({ key }) => key !== undefined)).toBe(true)
})

test('every piece that the issue asks for is there', async () => {
  expect(Object.keys(pieces)).toEqual('a b c d e f g h i j t accuracy rows'.split(' '))
  expect(wholeCity).toMatchObject({ sites: 20_000, alarms: 200_000, complaints: 100_000, gaps: 300 })
  for (const { load } of Object.values(pieces)) expect(await load()).toBeTypeOf('function')
})
