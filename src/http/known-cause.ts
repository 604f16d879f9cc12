import { advisoryById } from '../../projections/advisory.ts'
import { alarmById } from '../../projections/alarm-queries.ts'
import { alarmOfCauseId } from '../../projections/alarm-row.ts'
import { cutoverById } from '../../projections/cutover.ts'
import { gapById } from '../../projections/gap.ts'
import type { Rows } from '../../projections/rows.ts'
import type { CauseRef } from '../../schemas/attribution.ts'

/** Whether there is such an alarm, cutover, gap or advisory. */
export function isKnownCause(rows: Rows, { kind, id }: CauseRef): boolean {
  switch (kind) {
    case 'alarm': {
      const alarm = alarmOfCauseId(id)
      return alarm !== undefined && alarmById(rows, alarm.source, alarm.alarmId) !== undefined
    }
    case 'cutover':
      return cutoverById(rows, id) !== undefined
    case 'gap':
      return gapById(rows, id) !== undefined
    case 'advisory':
      return advisoryById(rows, id) !== undefined
  }
}
