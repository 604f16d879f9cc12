import type { AlarmRow } from './alarm-row.ts'
import { key } from './key.ts'
import { table, type Draft } from './projection.ts'

/** An alarm in short, as its element holds it. */
export interface AlarmBrief extends Pick<
  AlarmRow,
  'source' | 'alarmId' | 'alarmType' | 'probableCause' | 'specificProblem' | 'perceivedSeverity' | 'raisedAt'
> {
  readonly clearedAt?: string | undefined
}

/**
 * The alarms on one element. Key: element id; where more than `maxBriefs` are active, the others lie in rows under
 * element id, bucket. Rows stay when they are empty: to list all that is active takes as long as there are elements,
 * whatever the history.
 */
export interface OnElement {
  readonly elementId: string
  readonly active: readonly AlarmBrief[]
  /** The newest `maxRecent` that were cleared, in the order of their clears. First row only. */
  readonly recent: readonly AlarmBrief[]
  /** How many active alarms lie in other rows. First row only. */
  readonly elsewhere: number
}

export const onElement = table<OnElement>('alarm.on-element')

/** The most active alarms in the first row of an element. */
export const maxBriefs = 50
/** The most cleared alarms that an element keeps. */
export const maxRecent = 5
const buckets = 64

function briefOf(row: AlarmRow): AlarmBrief {
  const { source, alarmId, alarmType, probableCause, specificProblem, perceivedSeverity, raisedAt } = row
  return {
    source,
    alarmId,
    alarmType,
    probableCause,
    specificProblem,
    perceivedSeverity,
    raisedAt,
    clearedAt: row.cleared?.at,
  }
}

export function addActive(rows: Draft, alarm: AlarmRow): void {
  const first = firstRow(rows, alarm.elementId)
  if (first.active.length < maxBriefs) {
    rows.put(onElement, key(alarm.elementId), { ...first, active: [...first.active, briefOf(alarm)] })
    return
  }
  const at = bucketKey(alarm.elementId, bucketOf(alarm))
  const active = rows.get(onElement, at)?.active ?? []
  rows.put(onElement, at, {
    elementId: alarm.elementId,
    active: [...active, briefOf(alarm)],
    recent: [],
    elsewhere: 0,
  })
  rows.put(onElement, key(alarm.elementId), { ...first, elsewhere: first.elsewhere + 1 })
}

export function removeActive(rows: Draft, alarm: AlarmRow): void {
  const others = (brief: AlarmBrief) => brief.alarmId !== alarm.alarmId || brief.source !== alarm.source
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

export function addRecent(rows: Draft, alarm: AlarmRow): void {
  const first = firstRow(rows, alarm.elementId)
  const recent = [...first.recent, briefOf(alarm)].slice(-maxRecent)
  rows.put(onElement, key(alarm.elementId), { ...first, recent })
}

/** All that is active on an element, what lies in its other rows included. */
export function activeOn(
  get: (key: string) => OnElement | undefined,
  elementId: string,
): readonly AlarmBrief[] {
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
