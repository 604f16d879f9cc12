import { heartbeatsTold } from '../../projections/feed-silence.ts'
import { feeds } from '../../projections/feed.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Services } from './services.ts'

/** After a start the monitor knows of the sources what the read models kept. */
export async function seedFeeds({ projector, rows, feeds: monitor }: Services): Promise<void> {
  await projector.ready
  for (const { source, newestAt, recordedAt } of feeds(rows)) {
    monitor.heard(source, toMs(newestAt), toMs(recordedAt))
  }
  for (const { source, at } of heartbeatsTold(rows)) monitor.heartbeat(source, toMs(at))
}
