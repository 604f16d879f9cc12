import { heartbeatsTold } from '../../projections/feed-silence.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { ownEvent } from '../intake/watch-feeds.ts'
import type { Services } from './services.ts'

/**
 * A source is alive. Where several processes share the log, the others are told through it, at most once in half the time
 * that the source may be silent.
 */
export async function hearHeartbeat(
  { config, feeds, rows, clock, writer }: Services,
  source: string,
): Promise<void> {
  const nowMs = clock()
  feeds.heartbeat(source)
  const feed = config.feeds.find((each) => each.source === source)
  if (config.role === 'both' || feed === undefined) return
  const told = heartbeatsTold(rows).find((each) => each.source === source)
  if (told !== undefined && nowMs - toMs(told.at) < feed.heartbeatMs / 2) return
  const notification = `${source}@${toInstant(nowMs)}`
  await writer.write([ownEvent('FeedHeard', { source }, { notification, atMs: nowMs, nowMs })])
}
