import { expect, test } from 'vitest'
import { createFeedMonitor } from '../../src/intake/feed-monitor.ts'

const minute = 60_000
const feed = { source: 'nms', heartbeatMs: 5 * minute, maxLagMs: 15 * minute }

function monitorAt(startMs: number) {
  let nowMs = startMs
  const monitor = createFeedMonitor([feed], () => nowMs)
  return { monitor, goTo: (ms: number) => (nowMs = ms) }
}

test('a configured source that was never heard is stale, another source never is', () => {
  const { monitor } = monitorAt(0)
  monitor.heard('crm', 0)
  expect(monitor.stale()).toEqual(['nms'])
  expect(monitor.states()).toMatchObject([
    { source: 'crm', stale: false },
    { source: 'nms', stale: true, reason: 'never-heard' },
  ])
})

test('silence makes it stale, an event or a heartbeat current', () => {
  const { monitor, goTo } = monitorAt(0)
  monitor.heard('nms', 0)
  goTo(5 * minute)
  expect(monitor.stale()).toEqual([])
  goTo(5 * minute + 1)
  expect(monitor.states()).toMatchObject([{ stale: true, reason: 'silent' }])
  monitor.heartbeat('nms')
  expect(monitor.states()).toMatchObject([{ stale: false, dataAsOf: '1970-01-01T00:05:00.001Z' }])
})

test('events that were long on their way make it stale though it talks, a late one behind newer ones does not', () => {
  const { monitor, goTo } = monitorAt(60 * minute)
  monitor.heard('nms', 40 * minute)
  monitor.heartbeat('nms')
  expect(monitor.states()).toMatchObject([{ stale: true, reason: 'lagging' }])
  goTo(61 * minute)
  monitor.heard('nms', 61 * minute)
  monitor.heard('nms', 30 * minute)
  expect(monitor.stale()).toEqual([])
})
