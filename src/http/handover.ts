import { openSilences, silencesEnded, type FeedSilence } from '../../projections/feed-silence.ts'
import type { Notice } from '../../projections/notice.ts'
import type { OutageView } from '../../projections/outage-queries.ts'
import { shiftOf, type Shift } from '../../projections/shift.ts'
import type { OutageInShort } from '../../schemas/answer-handover.ts'
import { toInstant } from '../../schemas/instant.ts'
import { noticesSeen } from './notices-seen.ts'
import type { Services } from './services.ts'
import type { Sight } from './sight.ts'

interface FeedDown {
  readonly source: string
  readonly reason: FeedSilence['reason']
  readonly from: string
  readonly to?: string | undefined
}

/** What one shift hands to the next. */
export interface Handover extends Omit<Shift, 'opened' | 'closed'> {
  readonly since: string
  readonly until: string
  readonly opened: readonly OutageInShort[]
  readonly closed: readonly OutageInShort[]
  readonly stillOpen: readonly Notice[]
  readonly feedsDown: readonly FeedDown[]
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
    // Silent sources have a place of their own.
    stillOpen: notices.filter(({ kind }) => kind !== 'feed'),
    feedsDown: feedsDown(services, sight, since),
    complete: shift.complete && complete,
  }
}

function inShort(outage: OutageView): OutageInShort {
  const { outageId, title, stage, since, openedAt, ended, complaints, customers, assigned, expectedEnd } =
    outage
  const owner = assigned?.at(-1)?.assignee
  return { outageId, title, stage, since, openedAt, ended, complaints, customers, owner, expectedEnd }
}

/** By what was recorded; and now also those of which it is about to be. */
function feedsDown({ feeds, config }: Services, { asOf, rows }: Sight, since: string): readonly FeedDown[] {
  const open = openSilences(rows).map(({ source, reason, since: from }) => ({ source, reason, from }))
  const past = silencesEnded(rows, since, config.noc.maxNotices).map(
    ({ source, reason, since: from, until: to }) => ({ source, reason, from, to }),
  )
  const now = asOf === undefined ? feeds.states() : []
  const fresh = now.flatMap(({ source, reason, goodUntil: from }) =>
    reason === undefined || from === undefined || open.some((other) => other.source === source)
      ? []
      : [{ source, reason, from }],
  )
  return [...open, ...fresh, ...past]
}
