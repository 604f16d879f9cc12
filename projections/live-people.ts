import type { LiveMessage } from '../schemas/live.ts'
import { muteSaid } from './mute.ts'
import { newestNoteOn } from './note.ts'
import type { OrderInShort } from './order.ts'
import type { OrderView } from './order-queries.ts'
import type { OutageView } from './outage-queries.ts'
import type { Rows } from './rows.ts'

type LiveOf<Type extends LiveMessage['type']> = Extract<LiveMessage, { readonly type: Type }>
type Desk = Pick<LiveOf<'outage'>, 'muted' | 'note' | 'order'>

/** Of a note so much is told; the whole of it is in its list. */
export const maxLiveNoteChars = 300

/** What people did with an outage or cluster, where it stands in their list. `ids`: itself and all that became part of it. */
export function liveDesk(
  rows: Rows,
  kind: 'outage' | 'cluster',
  ids: readonly string[],
  order: OrderInShort | undefined,
): Desk {
  const [id = ''] = ids
  const mute = muteSaid(rows, kind, id)
  const note = newestNoteOn(rows, kind, ids)
  return {
    muted: mute && { reason: mute.reason, until: mute.until, at: mute.at, actor: mute.actor },
    note: note && { text: cut(note.text), at: note.at, actor: note.actor },
    order: order && {
      orderId: order.orderId,
      status: order.status,
      externalId: order.externalId,
      assignee: order.assignee,
      expectedEnd: order.expectedEnd,
    },
  }
}

/** The words for the public that were said last, and whether people confirmed its cause. */
export function liveWords({ worded, verdicts }: OutageView): Pick<LiveOf<'outage'>, 'worded' | 'verdict'> {
  const last = worded?.at(-1)
  return {
    worded: last && { words: { ...last.words }, until: last.until, at: last.at, actor: last.actor },
    verdict: verdicts?.at(-1)?.verdict,
  }
}

export function orderMessage(view: OrderView): LiveMessage {
  const { orderId, status, title, about, place, openedAt, round, externalId, assignee, expectedEnd } = view
  const { resolved, returned, complaints, customers } = view
  return {
    type: 'order',
    orderId,
    status,
    title,
    about: about.map(({ kind, id }) => ({ kind, id })),
    point: place.point,
    openedAt,
    round,
    externalId,
    assignee,
    expectedEnd,
    complaints,
    customers,
    resolved: resolved && {
      resolution: resolved.resolution,
      cause: resolved.cause,
      at: resolved.at,
      actor: resolved.actor,
    },
    returned: returned && { reason: returned.reason, at: returned.at, actor: returned.actor },
  }
}

function cut(text: string): string {
  return text.length <= maxLiveNoteChars ? text : `${text.slice(0, maxLiveNoteChars).toWellFormed()}…`
}
