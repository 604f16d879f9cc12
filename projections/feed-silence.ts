import { actRef, actUndoneBy, addAct, withoutAct, type ActRef } from './act.ts'
import { key, newestFirst } from './key.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

type Reason = ProjectedEventOf<'FeedFellSilent'>['data']['reason']

/** A source that is silent now. Table `feed-silence`, key: source. */
export interface FeedSilence {
  readonly source: string
  readonly since: string
  readonly reason: Reason
  readonly acknowledged?: readonly ActRef[] | undefined
}

/** A silence that is over. Table `feed-silence.past`, key: inverted `until`, source. */
export interface PastSilence {
  readonly source: string
  readonly since: string
  readonly reason: Reason
  readonly until: string
}

const silences = table<FeedSilence>('feed-silence')
const pastSilences = table<PastSilence>('feed-silence.past')
/** When a heartbeat was last told to other processes. Key: source. */
const heartbeats = table<{ readonly source: string; readonly at: string }>('feed-silence.heartbeat')

/** Which sources fell silent and when they came back. */
export const feedSilenceProjection = projection('feed-silence', 1, {
  FeedFellSilent: ({ data: { source, since, reason } }, rows) =>
    rows.put(silences, key(source), {
      source,
      since,
      reason,
      acknowledged: rows.get(silences, key(source))?.acknowledged,
    }),
  FeedReturned: ({ data: { source, since }, occurredAt }, rows) => {
    const open = rows.get(silences, key(source))
    if (open?.since !== since) return
    rows.put(silences, key(source), undefined)
    rows.put(pastSilences, key(newestFirst(occurredAt), source), {
      source,
      since,
      reason: open.reason,
      until: occurredAt,
    })
  },
  FeedHeard: ({ data: { source }, recordedAt }, rows) =>
    rows.put(heartbeats, key(source), { source, at: recordedAt }),
  FeedAcknowledged: (event, rows) => change(rows, event.data.source, (acts) => addAct(acts, actRef(event))),
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type === 'FeedAcknowledged') {
      change(rows, undone.data.source, (acts) => withoutAct(acts, undone.id))
    }
  },
})

function change(
  rows: Draft,
  source: string,
  to: (acts: readonly ActRef[] | undefined) => readonly ActRef[] | undefined,
): void {
  const row = rows.get(silences, key(source))
  if (row !== undefined) rows.put(silences, key(source), { ...row, acknowledged: to(row.acknowledged) })
}

export function silenceOf(rows: Rows, source: string): FeedSilence | undefined {
  return rowOf(rows, silences, key(source))
}

/** Every source that is silent, by name. There are no more than sources are configured. */
export function openSilences(rows: Rows): readonly FeedSilence[] {
  return [...eachRow(rows, silences)]
}

/** Silences of a span of time that are over, the last to end first; at most `max`. */
export function silencesEnded(rows: Rows, since: string, max: number): readonly PastSilence[] {
  const found: PastSilence[] = []
  for (const row of eachRow(rows, pastSilences)) {
    if (row.until < since || found.length >= max) break
    found.push(row)
  }
  return found
}

/** The heartbeats that the log tells of. */
export function heartbeatsTold(rows: Rows): readonly { readonly source: string; readonly at: string }[] {
  return [...eachRow(rows, heartbeats)]
}
