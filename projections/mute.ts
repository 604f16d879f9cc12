import { actRef, actUndoneBy, addAct, withoutAct, type ActRef } from './act.ts'
import { key } from './key.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

type Notice = ProjectedEventOf<'NoticeMuted'>['data']['about']

/** A mute with its reason and end, or (without them) that it was taken off. */
export interface MuteAct extends ActRef {
  readonly mute?: { readonly reason: string; readonly until: string } | undefined
}

/** What people said of muting one notice; the last is in force. Table `mute`, key: kind, id. */
interface MuteRow {
  readonly about: Notice
  readonly acts: readonly MuteAct[]
}

const mutes = table<MuteRow>('mute')

/** Which outages and clusters nobody need look at for a while. */
export const muteProjection = projection('mute', 1, {
  NoticeMuted: (event, rows) => {
    const { about, reason, until } = event.data
    change(rows, about, (acts) => addAct(acts, { ...actRef(event), mute: { reason, until } }))
  },
  NoticeUnmuted: (event, rows) => change(rows, event.data.about, (acts) => addAct(acts, actRef(event))),
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone?.type !== 'NoticeMuted' && undone?.type !== 'NoticeUnmuted') return
    change(rows, undone.data.about, (acts) => withoutAct(acts, undone.id))
  },
})

function change(
  rows: Draft,
  about: Notice,
  to: (acts: readonly MuteAct[] | undefined) => readonly MuteAct[] | undefined,
): void {
  const at = key(about.kind, about.id)
  const acts = to(rows.get(mutes, at)?.acts)
  rows.put(mutes, at, acts && { about, acts })
}

/** The mute in force at a moment; one whose end has come is none. */
export function muteOf(rows: Rows, kind: Notice['kind'], id: string, nowMs: number): Mute | undefined {
  const mute = muteSaid(rows, kind, id)
  return mute === undefined || Date.parse(mute.until) <= nowMs ? undefined : mute
}

/** The mute that was said last and not taken off, though its end may have come. */
export function muteSaid(rows: Rows, kind: Notice['kind'], id: string): Mute | undefined {
  const last = rowOf(rows, mutes, key(kind, id))?.acts.at(-1)
  if (last?.mute === undefined) return undefined
  const { mute, ...act } = last
  return { ...act, ...mute }
}

/** Who muted it, why, and until when. */
export interface Mute extends ActRef {
  readonly reason: string
  readonly until: string
}
