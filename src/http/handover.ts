import type { Notice } from '../../projections/notice.ts'
import type { OutageView } from '../../projections/outage-queries.ts'
import { shiftOf, type Shift } from '../../projections/shift.ts'
import type { OutageInShort } from '../../schemas/answer-handover.ts'
import { toInstant } from '../../schemas/instant.ts'
import { noticesSeen } from './notices-seen.ts'
import type { Services } from './services.ts'
import type { Sight } from './sight.ts'

/** What one shift hands to the next. */
export interface Handover extends Omit<Shift, 'opened' | 'closed'> {
  readonly since: string
  readonly until: string
  readonly opened: readonly OutageInShort[]
  readonly closed: readonly OutageInShort[]
  readonly stillOpen: readonly Notice[]
  readonly feedsDown: readonly {
    readonly source: string
    readonly dataAsOf?: string
    readonly reason?: string
  }[]
}

/** The shift that began at `since`, an `instant`, and ends with the sight. */
export function handoverOf(services: Services, sight: Sight, since: string): Handover {
  const until = toInstant(sight.nowMs)
  const shift = shiftOf(sight.rows, since, until, services.config.noc.maxNotices)
  const { notices, complete } = noticesSeen(services, sight)
  return {
    since,
    until,
    ...shift,
    opened: shift.opened.map(inShort),
    closed: shift.closed.map(inShort),
    stillOpen: notices,
    feedsDown: feedsDown(services, sight),
    complete: shift.complete && complete,
  }
}

function inShort(outage: OutageView): OutageInShort {
  const { outageId, title, stage, since, openedAt, ended, complaints, customers, assigned, expectedEnd } =
    outage
  const owner = assigned?.at(-1)?.assignee
  return { outageId, title, stage, since, openedAt, ended, complaints, customers, owner, expectedEnd }
}

/** Of an earlier moment only the names are known: see `Sight`. */
function feedsDown({ feeds }: Services, { asOf, staleFeeds, dataAsOf }: Sight): Handover['feedsDown'] {
  if (asOf !== undefined)
    return staleFeeds.map((source) => {
      const newest = dataAsOf[source]
      return { source, ...(newest === undefined ? {} : { dataAsOf: newest }) }
    })
  return feeds
    .states()
    .filter(({ stale }) => stale)
    .map(({ source, dataAsOf: newest, reason }) => ({
      source,
      ...(newest === undefined ? {} : { dataAsOf: newest }),
      ...(reason === undefined ? {} : { reason }),
    }))
}
