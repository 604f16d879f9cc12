import { expect, test } from 'vitest'
import { createBulkGate } from '../../src/intake/bulk-gate.ts'

const limits = { bulkMaxLagEvents: 10, bulkMaxLagUnaskedEvents: 100, bulkAskedMs: 60_000 }

function gateAt() {
  const state = { nowMs: 0, lagEvents: 0, askedAtMs: Number.NEGATIVE_INFINITY }
  const gate = createBulkGate({
    limits,
    lag: () => ({ events: state.lagEvents, ms: 0 }),
    askedAgoMs: () => state.nowMs - state.askedAtMs,
    stopwatchMs: () => state.nowMs,
  })
  return { state, gate }
}

test('H3: bulk input stays close to the engine while people ask, and runs ahead while nobody does', () => {
  const { state, gate } = gateAt()
  expect(gate.maxLagEvents()).toBe(100)
  state.askedAtMs = 0
  expect(gate.maxLagEvents()).toBe(10)
  state.nowMs = 59_999
  expect(gate.maxLagEvents()).toBe(10)
  state.nowMs = 60_000
  expect(gate.maxLagEvents()).toBe(100)
})

test('H3: the engine waits only for bulk input that flows, has room, and holds up nobody', () => {
  const { state, gate } = gateAt()
  expect(gate.goesFirst()).toBe(false)
  gate.stored()
  expect(gate.goesFirst()).toBe(true)
  state.lagEvents = 95
  expect(gate.goesFirst()).toBe(false)
  state.lagEvents = 50
  state.nowMs = 100
  expect(gate.goesFirst()).toBe(false)
  gate.stored()
  state.askedAtMs = 100
  expect(gate.goesFirst()).toBe(false)
})
