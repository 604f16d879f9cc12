import type { AlarmRow } from './alarm-row.ts'
import { key } from './key.ts'
import { table, type Draft } from './projection.ts'

/** An alarm in short, as its element shows it. */
export interface AlarmBrief extends Pick<
  AlarmRow,
  'source' | 'alarmId' | 'alarmType' | 'probableCause' | 'specificProblem' | 'perceivedSeverity' | 'raisedAt'
> {
  readonly clearedAt?: string | undefined
}

/** Source and alarm id: every alarm writes the row of its element, so that names alone stand there. */
export type AlarmName = readonly [source: string, alarmId: string]
/** An occurrence that is over, with when it was raised and cleared. */
export type ClearedName = readonly [...AlarmName, raisedAt: string, clearedAt: string]

/**
 * The alarms on one element. Key: element id; where more than `maxBriefs` are active, the others lie in rows under
 * element id, bucket. Rows stay when they are empty: to list all that is active takes as long as there are elements,
 * whatever the history.
 */
export interface OnElement {
  readonly elementId: string
  readonly active: readonly AlarmName[]
  /** The newest `maxRecent` that were cleared, in the order of their clears. First row only. */
  readonly recent: readonly ClearedName[]
  /** How many active alarms lie in other rows. First row only. */
  readonly elsewhere: number
}

export const onElement = table<OnElement>('alarm.on-element')

/** The most active alarms in the first row of an element. */
export const maxBriefs = 50
/** The most cleared alarms that an element keeps. */
export const maxRecent = 5
const buckets = 64

type AlarmOf = (key: string) => AlarmRow | undefined

/** Alarms that are active, as they are now. */
export function briefsOf(names: readonly AlarmName[], alarmOf: AlarmOf): readonly AlarmBrief[] {
  return names.flatMap(([source, alarmId]) => {
    const row = alarmOf(key(source, alarmId))
    return row === undefined ? [] : [briefOf(row, row.raisedAt)]
  })
}

/** Occurrences that are over; where the alarm was raised again since, they are called what it is called now. */
export function clearedBriefsOf(names: readonly ClearedName[], alarmOf: AlarmOf): readonly AlarmBrief[] {
  return names.flatMap(([source, alarmId, raisedAt, clearedAt]) => {
    const row = alarmOf(key(source, alarmId))
    return row === undefined ? [] : [{ ...briefOf(row, raisedAt), clearedAt }]
  })
}

function briefOf(row: AlarmRow, raisedAt: string): AlarmBrief {
  const { source, alarmId, alarmType, probableCause, specificProblem, perceivedSeverity } = row
  return { source, alarmId, alarmType, probableCause, specificProblem, perceivedSeverity, raisedAt }
}

function nameOf({ source, alarmId }: AlarmRow): AlarmName {
  return [source, alarmId]
}

export function addActive(rows: Draft, alarm: AlarmRow): void {
  const first = firstRow(rows, alarm.elementId)
  if (first.active.length < maxBriefs) {
    rows.put(onElement, key(alarm.elementId), { ...first, active: [...first.active, nameOf(alarm)] })
    return
  }
  const at = bucketKey(alarm.elementId, bucketOf(alarm))
  const active = rows.get(onElement, at)?.active ?? []
  rows.put(onElement, at, {
    elementId: alarm.elementId,
    active: [...active, nameOf(alarm)],
    recent: [],
    elsewhere: 0,
  })
  rows.put(onElement, key(alarm.elementId), { ...first, elsewhere: first.elsewhere + 1 })
}

export function removeActive(rows: Draft, alarm: AlarmRow): void {
  const others = ([source, alarmId]: AlarmName) => alarmId !== alarm.alarmId || source !== alarm.source
  const first = firstRow(rows, alarm.elementId)
  const left = first.active.filter(others)
  if (left.length < first.active.length) {
    rows.put(onElement, key(alarm.elementId), { ...first, active: left })
    return
  }
  const at = bucketKey(alarm.elementId, bucketOf(alarm))
  const bucket = rows.get(onElement, at)
  if (bucket === undefined) return
  const active = bucket.active.filter(others)
  if (active.length === bucket.active.length) return
  rows.put(onElement, at, { ...bucket, active })
  rows.put(onElement, key(alarm.elementId), { ...first, elsewhere: first.elsewhere - 1 })
}

export function addRecent(rows: Draft, alarm: AlarmRow, clearedAt: string): void {
  const first = firstRow(rows, alarm.elementId)
  const cleared: ClearedName = [...nameOf(alarm), alarm.raisedAt, clearedAt]
  const recent = [...first.recent, cleared].slice(-maxRecent)
  rows.put(onElement, key(alarm.elementId), { ...first, recent })
}

/** All that is active on an element, what lies in its other rows included. */
export function activeOn(
  get: (key: string) => OnElement | undefined,
  elementId: string,
): readonly AlarmName[] {
  const first = get(key(elementId))
  if (first === undefined || first.elsewhere === 0) return first?.active ?? []
  const others = Array.from({ length: buckets }, (_, at) => get(bucketKey(elementId, at)))
  return [...first.active, ...others.flatMap((row) => row?.active ?? [])]
}

function firstRow(rows: Draft, elementId: string): OnElement {
  return rows.get(onElement, key(elementId)) ?? { elementId, active: [], recent: [], elsewhere: 0 }
}

function bucketKey(elementId: string, bucket: number): string {
  return key(elementId, String(bucket).padStart(2, '0'))
}

/** Spreads alarm ids over the buckets (FNV-1a). */
function bucketOf({ alarmId }: AlarmRow): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < alarmId.length; at += 1) {
    hash = Math.imul(hash ^ alarmId.charCodeAt(at), 0x01000193)
  }
  return (hash >>> 0) % buckets
}
