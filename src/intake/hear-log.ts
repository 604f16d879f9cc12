import { ownTypes, type Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import type { FeedMonitor } from './feed-monitor.ts'

const own: ReadonlySet<string> = new Set(ownTypes)

/** Of several processes on one log each hears through it what the others took in, heartbeats included. */
export function hearLog(feeds: Pick<FeedMonitor, 'heard' | 'heartbeat'>, events: readonly Event[]): void {
  for (const event of events) {
    if (event.type === 'FeedHeard') feeds.heartbeat(event.data.source, toMs(event.recordedAt))
    else if (!own.has(event.type)) {
      feeds.heard(event.meta.source, toMs(event.occurredAt), toMs(event.recordedAt))
    }
  }
}
