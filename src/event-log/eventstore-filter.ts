import { streamNameFilter } from '@eventstore/db-client'
import type { Position } from './event-log.ts'
import type { EventStoreParts } from './eventstore-calls.ts'
import type { Lease } from './eventstore-client.ts'
import { openFeed, type Feed } from './eventstore-feed.ts'
import { beforeAll, toCommit } from './eventstore-record.ts'

/** Other events that the server passes over in silence before it gives a sign of life. */
const maxSearchWindow = 2_000

/**
 * Our events behind a position, picked out by the server. Its checkpoints run ahead of what the reader has handled, so they
 * say that it is at work, and never where to begin again.
 */
export function subscribeAfter(
  { prefix }: EventStoreParts,
  lease: Lease,
  last: Position,
  signal: AbortSignal,
): Feed {
  const commit = toCommit(last)
  const subscription = lease.client.subscribeToAll({
    fromPosition: last === beforeAll ? 'start' : { commit, prepare: commit },
    filter: streamNameFilter({
      prefixes: [prefix],
      maxSearchWindow,
      checkpointInterval: 1,
      checkpointReached: () => feed.hear(),
    }),
  })
  const feed = openFeed(subscription, lease, signal)
  return feed
}
