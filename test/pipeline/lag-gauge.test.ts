import { expect, test } from 'vitest'
import { lagGauge } from '../../src/pipeline/lag-gauge.ts'

const clock = (ms: number) => () => ms

test('H3: before the log has been read once the lag is unknown, so bulk input waits', () => {
  expect(lagGauge(clock(0)).read().events).toBe(Number.POSITIVE_INFINITY)
})

test('H3: what is stored while a batch is worked off counts, although nothing lay behind that batch', () => {
  const gauge = lagGauge(clock(0))
  gauge.stored(5, 'p05')
  gauge.stored(3, 'p08')
  gauge.handled('p05')
  gauge.worked(true)
  expect(gauge.read().events).toBe(3)
  gauge.handled('p08')
  expect(gauge.read()).toEqual({ events: 0, ms: 0 })
})

test('H3: what was handled before its writer heard of it does not count', () => {
  const gauge = lagGauge(clock(0))
  gauge.handled('p05')
  gauge.worked(true)
  gauge.stored(5, 'p05')
  expect(gauge.read().events).toBe(0)
})

test('H3: memory for what waits is bounded; the youngest are counted together', () => {
  const gauge = lagGauge(clock(0))
  gauge.worked(true)
  for (let at = 0; at < 25_000; at += 1) gauge.stored(2, `p${String(at).padStart(6, '0')}`)
  gauge.handled('p000999')
  expect(gauge.read().events).toBe(48_000)
  gauge.handled('p024999')
  expect(gauge.read().events).toBe(0)
})

test('tells for how long the work has been behind', () => {
  let nowMs = 1_000
  const gauge = lagGauge(() => nowMs)
  gauge.worked(true)
  nowMs = 5_000
  expect(gauge.read().ms).toBe(0)
  gauge.worked(false)
  nowMs = 5_700
  gauge.worked(false)
  expect(gauge.read().ms).toBe(700)
})
