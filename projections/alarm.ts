import type { AlarmCleared } from '../schemas/alarm.ts'
import { activeOn, addActive, addRecent, briefsOf, onElement, removeActive } from './alarm-on-element.ts'
import { actRef, actUndoneBy, addAct, withoutAct } from './act.ts'
import { key } from './key.ts'
import { alarmKinds, alarms, pastOccurrences, type AlarmRow } from './alarm-row.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'

/** A clear that came before what it clears. Key: as of the alarm. */
interface EarlyClear {
  readonly at: string
  readonly reason: AlarmCleared['reason']
}

const earlyClears = table<EarlyClear>('alarm.early-clear')

/** Alarms by id and on their elements. Queries: `alarm-queries.ts`. */
export const alarmProjection = projection('alarm', 2, {
  AlarmRaised: raise,
  AlarmChanged: (event, rows) => {
    const { source } = event.meta
    const { alarmId, ...set } = event.data
    const row = rows.get(alarms, key(source, alarmId))
    if (row === undefined || row.cleared !== undefined) return
    const perceivedSeverity = set.perceivedSeverity ?? row.perceivedSeverity
    rows.put(alarms, key(source, alarmId), { ...row, ...set, perceivedSeverity, changedAt: event.occurredAt })
  },
  AlarmCleared: clear,
  AlarmAcknowledged: (event, rows) =>
    change(rows, event, (row) => ({ ...row, acknowledged: addAct(row.acknowledged, actRef(event)) })),
  AlarmShelved: (event, rows) =>
    change(rows, event, (row) => ({ ...row, shelved: { ...actRef(event), until: event.data.until } })),
  AlarmUnshelved: (event, rows) => change(rows, event, (row) => ({ ...row, shelved: undefined })),
  DecisionUndone: (event, rows) => {
    const undone = actUndoneBy(event, rows)
    if (undone === undefined || !('alarmSource' in undone.data)) return
    change(rows, { data: undone.data }, (row) => ({
      ...row,
      acknowledged: withoutAct(row.acknowledged, undone.id),
      shelved: row.shelved?.eventId === undone.id ? undefined : row.shelved,
    }))
  },
})

function raise(event: ProjectedEventOf<'AlarmRaised'>, rows: Draft): void {
  const { data, meta, occurredAt, recordedAt } = event
  const at = key(meta.source, data.alarmId)
  const before = rows.get(alarms, at)
  noticeKind(event, rows)
  if (before !== undefined && before.cleared === undefined) {
    // Said again while it is active: the same occurrence, known better.
    const raisedAt = occurredAt < before.raisedAt ? occurredAt : before.raisedAt
    const row = { ...before, ...data, raisedAt }
    rows.put(alarms, at, row)
    if (row.elementId === before.elementId) return
    removeActive(rows, before)
    addActive(rows, row)
    return
  }
  // What is older than the newest occurrence's clear has been over for as long as that.
  if (before?.cleared !== undefined && occurredAt <= before.cleared.at) {
    rows.put(alarms, at, {
      ...before,
      occurrence: before.occurrence + (occurredAt < before.raisedAt ? 1 : 0),
    })
    return
  }
  if (before?.cleared !== undefined) {
    const past = { raisedAt: before.raisedAt, clearedAt: before.cleared.at }
    rows.put(pastOccurrences, key(meta.source, data.alarmId, past.raisedAt), past)
  }
  const early = rows.get(earlyClears, at)
  const cleared = early !== undefined && occurredAt <= early.at ? early : undefined
  const row: AlarmRow = {
    ...data,
    source: meta.source,
    occurrence: (before?.occurrence ?? 0) + 1,
    raisedAt: occurredAt,
    recordedAt,
    cleared,
    backfilled: meta.backfilled,
    shelved: before?.shelved,
  }
  rows.put(alarms, at, row)
  if (early !== undefined) rows.put(earlyClears, at, undefined)
  if (cleared === undefined) addActive(rows, row)
  else addRecent(rows, row, cleared.at)
}

function clear(event: ProjectedEventOf<'AlarmCleared'>, rows: Draft): void {
  const { meta, data, occurredAt } = event
  for (const alarmId of clearedIds(event, rows)) {
    const at = key(meta.source, alarmId)
    const row = rows.get(alarms, at)
    const cleared = { at: occurredAt, reason: data.reason }
    if (row === undefined || (row.cleared !== undefined && row.cleared.at < occurredAt)) {
      rows.put(earlyClears, at, cleared)
    } else if (row.cleared === undefined && occurredAt >= row.raisedAt) {
      rows.put(alarms, at, { ...row, cleared })
      removeActive(rows, row)
      addRecent(rows, row, cleared.at)
    }
  }
}

/** By its id, else by X.733's rule: those of the same source on the object with the same type, cause and problem. */
function clearedIds({ data, meta }: ProjectedEventOf<'AlarmCleared'>, rows: Draft): readonly string[] {
  if (data.alarmId !== undefined) return [data.alarmId]
  const { elementId, alarmType, probableCause, specificProblem } = data
  if (elementId === undefined) return []
  const names = activeOn((at) => rows.get(onElement, at), elementId)
  return briefsOf(names, (at) => rows.get(alarms, at))
    .filter(
      (alarm) =>
        alarm.source === meta.source &&
        alarm.probableCause === probableCause &&
        (alarmType === undefined || alarm.alarmType === alarmType) &&
        (specificProblem === undefined || alarm.specificProblem === specificProblem),
    )
    .map(({ alarmId }) => alarmId)
}

/** Written once a kind, so that it costs little; how often a kind comes is a question for the log. */
function noticeKind({ data, meta, occurredAt }: ProjectedEventOf<'AlarmRaised'>, rows: Draft): void {
  const { alarmType, probableCause, specificProblem, perceivedSeverity, serviceAffecting } = data
  const at = key(
    alarmType,
    probableCause,
    specificProblem ?? '',
    perceivedSeverity,
    String(serviceAffecting ?? ''),
  )
  if (rows.get(alarmKinds, at) !== undefined) return
  rows.put(alarmKinds, at, {
    alarmType,
    probableCause,
    specificProblem,
    perceivedSeverity,
    serviceAffecting,
    firstAt: occurredAt,
    source: meta.source,
    alarmId: data.alarmId,
    elementId: data.elementId,
  })
}

function change(
  rows: Draft,
  { data }: { readonly data: { readonly alarmSource: string; readonly alarmId: string } },
  to: (row: AlarmRow) => AlarmRow,
): void {
  const at = key(data.alarmSource, data.alarmId)
  const row = rows.get(alarms, at)
  if (row !== undefined) rows.put(alarms, at, to(row))
}
