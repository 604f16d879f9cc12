import { describe, expect, it } from 'vitest'
import { demoCity } from '../../src/simulate/demo-city.ts'
import { demoStream } from '../../src/simulate/demo-stream.ts'
import type { SimulatedEvent } from '../../src/simulate/feed-event.ts'
import { complaintsOf } from '../../src/simulate/summary.ts'

const seed = '1'
const city = demoCity(seed)
const fromMs = Date.UTC(2026, 4, 3, 2, 20)
const minuteMs = 60_000

function heardWithin(fromMs: number, untilMs: number): SimulatedEvent[] {
  const heard: SimulatedEvent[] = []
  for (const one of demoStream(seed, fromMs, city.world)) {
    if (Date.parse(one.event.recordedAt) >= untilMs) break
    heard.push(one)
  }
  return heard
}

describe('the demonstration city', () => {
  it('is the same for the same seed, with its example estate and about 150 sites', () => {
    const again = demoCity(seed)
    expect(again.inventory).toEqual(city.inventory)
    expect(again.places).toEqual(city.places)
    expect(city.places[0]?.name).toBe('白马花园')
    expect(city.world.inventory.sites).toHaveLength(150)
    expect(city.world.inventory.sitesOfAggregation.size).toBeGreaterThanOrEqual(6)
    expect(new Set(city.places.map(({ name }) => name)).size).toBe(city.places.length)
  })

  it('goes on from any moment as if it had never stopped', () => {
    const middleMs = fromMs + 97 * minuteMs
    const untilMs = fromMs + 240 * minuteMs
    const whole = heardWithin(fromMs, untilMs)
    const parts = [...heardWithin(fromMs, middleMs), ...heardWithin(middleMs, untilMs)]
    expect(parts).toEqual(whole)
  })

  it('shows within half an hour, at any time of day, a trouble that several customers call about', () => {
    for (const hour of [3, 12, 19]) {
      const startMs = Date.UTC(2026, 4, 3, hour, 41)
      const complaints = complaintsOf(heardWithin(startMs, startMs + 30 * minuteMs))
      const sizes = new Map<string, Set<string>>()
      for (const { event, truth } of complaints) {
        if (truth.outageId === undefined || truth.accepted.length === 0 || event.data.place === undefined)
          continue
        const customers = sizes.get(truth.outageId) ?? new Set()
        sizes.set(truth.outageId, customers.add(event.data.customerRef ?? ''))
      }
      expect(complaints.length).toBeGreaterThan(25)
      expect(Math.max(...[...sizes.values()].map((customers) => customers.size))).toBeGreaterThanOrEqual(6)
    }
  })
})
