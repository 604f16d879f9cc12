import { expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { createFeedMonitor } from '../../src/intake/feed-monitor.ts'
import { hearLog } from '../../src/intake/hear-log.ts'
import { watchFeeds } from '../../src/intake/watch-feeds.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { createWriter } from '../../src/pipeline/writer.ts'

/* Several processes hear one source, and one of them records its silence. */

const minute = 60_000
const feed = { source: 'nms', heartbeatMs: 5 * minute, maxLagMs: 15 * minute }

async function told(log: ReturnType<typeof openMemoryLog>): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of log.readStream('feed-nms')) events.push(...batch)
  return events
}

test('only the process that decides records a silence; had another recorded the same, it would be the same event', async () => {
  const log = openMemoryLog()
  const clock = virtualClock(0)
  const processes = [false, true, true].map((decides) =>
    watchFeeds({
      feeds: createFeedMonitor([feed], clock.nowMs),
      silences: () => [],
      decides: async () => decides,
      clock,
      writer: createWriter({ log }),
      feedSteadyMs: minute,
      onTrouble: (error) => {
        throw error
      },
    }),
  )
  for (const minutes of [4, 5.5, 6, 7, 8]) {
    clock.advanceTo(minutes * minute)
    for (const watch of processes) await watch.settled()
    expect(await told(log), `${minutes} min`).toHaveLength(minutes < 6 ? 0 : 1)
  }
  for (const watch of processes) await watch.stop()
  expect(await told(log)).toMatchObject([
    {
      type: 'FeedFellSilent',
      data: { source: 'nms', reason: 'never-heard', since: '1970-01-01T00:00:00.000Z' },
    },
  ])
})

test('what another process took in, and heartbeats that it was sent, are heard through the log', () => {
  let nowMs = 5 * minute
  const monitor = createFeedMonitor([feed], () => nowMs)
  const at = (ms: number) => new Date(ms).toISOString()
  const event = (type: string, ms: number, source: string, data: object) =>
    ({ type, occurredAt: at(ms), recordedAt: at(ms), data, meta: { source, actor: 'x' } }) as Event
  hearLog(monitor, [event('AlarmRaised', minute, 'nms', {}), event('ClockTicked', minute, 'engine', {})])
  expect(monitor.states()).toMatchObject([{ source: 'nms', heardAt: at(minute) }])
  hearLog(monitor, [event('FeedHeard', 5 * minute, 'engine', { source: 'nms' })])
  nowMs = 9 * minute
  expect(monitor.states()).toMatchObject([{ stale: false, heartbeatAt: at(5 * minute) }])
})
