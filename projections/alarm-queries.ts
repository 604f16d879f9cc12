import { activeOn, briefsOf, clearedBriefsOf, onElement, type AlarmBrief } from './alarm-on-element.ts'
import { alarmCauseId, alarmKinds, alarms, type AlarmKindRow, type AlarmRow } from './alarm-row.ts'
import { key } from './key.ts'
import { correlations, type CorrelationRow } from './outage-extent.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** An alarm with what it hangs on. */
export interface AlarmView extends AlarmRow {
  readonly correlation?: CorrelationRow | undefined
}

export function alarmById(rows: Rows, source: string, alarmId: string): AlarmView | undefined {
  const row = rowOf(rows, alarms, key(source, alarmId))
  return row && { ...row, correlation: correlationOf(rows, row) }
}

function correlationOf(rows: Rows, alarm: AlarmRow): CorrelationRow | undefined {
  return rowOf(rows, correlations, key(alarmCauseId(alarm)))
}

/** All that is active, of one source or of all: to compare with a source's own list. Reads as it is asked. */
export function* activeAlarms(rows: Rows, source?: string): Generator<AlarmBrief & { elementId: string }> {
  for (const { elementId, active } of eachRow(rows, onElement)) {
    const wanted = active.filter(([of]) => source === undefined || of === source)
    for (const alarm of briefsOf(wanted, alarmIn(rows))) yield { ...alarm, elementId }
  }
}

/** A page of active alarms, by element; a page ends with an element, so that it may be longer than asked for. */
export function activeAlarmPage(
  rows: Rows,
  source: string | undefined,
  request: PageRequest,
): Page<AlarmView> {
  const { items, ...next } = pageOf(rows, onElement, [''], request, ({ active }) => {
    const wanted = active.filter(([of]) => source === undefined || of === source)
    return wanted.length === 0 ? undefined : wanted
  })
  const views = items.flat().map(([of, alarmId]) => alarmById(rows, of, alarmId))
  return { items: views.filter((view) => view !== undefined), ...next }
}

/** What is active on an element and what was cleared there last. */
export function alarmsOnElement(
  rows: Rows,
  elementId: string,
): { readonly active: readonly AlarmBrief[]; readonly recent: readonly AlarmBrief[] } {
  const { recent = [] } = rowOf(rows, onElement, key(elementId)) ?? {}
  const active = activeOn((at) => rowOf(rows, onElement, at), elementId)
  return { active: briefsOf(active, alarmIn(rows)), recent: clearedBriefsOf(recent, alarmIn(rows)) }
}

function alarmIn(rows: Rows): (key: string) => AlarmRow | undefined {
  return (at) => rowOf(rows, alarms, at)
}

/**
 * The kinds of alarm that no rule fits. `isMapped` is the impact table's word on a kind; the caller brings it, since the
 * rules change and the rows do not.
 */
export function unmappedAlarmKinds(
  rows: Rows,
  isMapped: (kind: AlarmKindRow) => boolean,
  request: PageRequest,
): Page<AlarmKindRow> {
  return pageOf(rows, alarmKinds, [''], request, (kind) => (isMapped(kind) ? undefined : kind))
}
