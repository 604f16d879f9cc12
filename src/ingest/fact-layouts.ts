import { alarmFields, readAlarmRow } from './alarm-rows.ts'
import { complaintFields, readComplaintRow } from './complaint-rows.ts'
import { cutoverFields, readCutoverRow } from './cutover-rows.ts'
import { gapFields, readGapRow } from './gap-rows.ts'
import type { RowReader } from './row-reader.ts'

export const factKinds = ['alarms', 'complaints', 'cutovers', 'gaps'] as const
export type FactKind = (typeof factKinds)[number]

/** How rows of one kind are read. */
export interface FactLayout {
  readonly fields: readonly string[]
  /** Columns of a layout that is known by its heading; the user's own mapping goes before. */
  readonly map: Readonly<Record<string, string>>
  readonly read: RowReader
  /** Columns that no field reads become attributes, and are not reported as unused. */
  readonly keepsRest: boolean
}

/** The heading of an access network's list of alarms, active or past. The NMS's own correlation stays an attribute. */
const accessAlarmColumns = [
  'id',
  'raised',
  'logged',
  'node',
  'node_type',
  'cause',
  'severity',
  'category',
  'info',
]
const accessAlarmMap = {
  alarmId: 'id',
  elementId: 'node',
  raisedAt: 'raised',
  recordedAt: 'logged',
  alarmType: 'category',
  probableCause: 'cause',
  severity: 'severity',
  text: 'info',
}

const accessClearMap = { clearedAt: 'cleared', clearRecordedAt: 'cleared_ems' }

/** The layout of a kind's file, by its heading. */
export function factLayoutOf(kind: FactKind, heading: readonly string[]): FactLayout {
  switch (kind) {
    case 'alarms': {
      const isAccess = accessAlarmColumns.every((column) => heading.includes(column))
      const cleared = heading.includes('cleared') && heading.includes('cleared_ems') ? accessClearMap : {}
      const map = isAccess ? { ...accessAlarmMap, ...cleared } : {}
      return { fields: alarmFields, map, read: readAlarmRow, keepsRest: true }
    }
    case 'complaints':
      return { fields: complaintFields, map: {}, read: readComplaintRow, keepsRest: false }
    case 'cutovers':
      return { fields: cutoverFields, map: {}, read: readCutoverRow, keepsRest: false }
    case 'gaps':
      return { fields: gapFields, map: {}, read: readGapRow, keepsRest: false }
  }
}
