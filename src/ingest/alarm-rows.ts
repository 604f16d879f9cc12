import { alarmType } from '../../schemas/alarm.ts'
import { contentNotification } from '../../schemas/event-id.ts'
import { alarmTypeOf, severityOf } from './alarm-words.ts'
import { attributesOf, booleanOr, timesOf } from './cell-values.ts'
import { draftsOf, type DraftWish } from './draft.ts'
import type { RowReader } from './row-reader.ts'

export const alarmFields = [
  'alarmId',
  'elementId',
  'raisedAt',
  'clearedAt',
  'recordedAt',
  'clearRecordedAt',
  'alarmType',
  'probableCause',
  'specificProblem',
  'severity',
  'text',
  'serviceAffecting',
  'plannedOutage',
] as const

/**
 * An alarm: raised, and cleared where the row has a time for it. A row of severity "cleared" is a clear alone, at
 * `clearedAt`, else `raisedAt`. An id raised at another time is another occurrence. Other columns become attributes.
 */
export const readAlarmRow: RowReader = (fields, { time, rest }) => {
  const read = timesOf(fields, ['raisedAt', 'clearedAt', 'recordedAt', 'clearRecordedAt'], time)
  if ('refused' in read) return read
  const { raisedAt, clearedAt, recordedAt, clearRecordedAt } = read.times
  const severity = severityOf(fields['severity'])
  const isClear = severity === 'CLEARED'
  const occurredAt = isClear ? (clearedAt ?? raisedAt) : raisedAt
  if (occurredAt === undefined) return { refused: 'raisedAt is missing' }
  if (raisedAt !== undefined && clearedAt !== undefined && clearedAt < raisedAt) {
    return { refused: 'clearedAt is earlier than raisedAt' }
  }
  const named = {
    elementId: fields['elementId'],
    alarmType: alarmTypeOf(fields['alarmType'], alarmType.options),
    probableCause: fields['probableCause'],
    specificProblem: fields['specificProblem'],
  }
  const alarmId = fields['alarmId'] ?? (isClear ? undefined : contentNotification('alarm', occurredAt, named))
  const clear = (at: string, recorded: string | undefined): DraftWish => ({
    type: 'AlarmCleared',
    occurredAt: at,
    recordedAt: recorded,
    data: alarmId === undefined ? named : { alarmId },
    notification: `${alarmId ?? contentNotification('alarm', at, named)}@${raisedAt ?? at}/cleared@${at}`,
  })
  if (isClear) return draftsOf([clear(occurredAt, clearRecordedAt ?? recordedAt)])
  const raise: DraftWish = {
    type: 'AlarmRaised',
    occurredAt,
    recordedAt,
    data: {
      ...named,
      alarmId,
      perceivedSeverity: severity,
      text: fields['text'],
      serviceAffecting: booleanOr(fields['serviceAffecting']),
      plannedOutage: booleanOr(fields['plannedOutage']),
      attributes: attributesOf(rest),
    },
    notification: `${alarmId}@${occurredAt}`,
  }
  if (clearedAt === undefined) return draftsOf([raise])
  // A clear is recorded after its raise, whatever the clocks of the file say.
  const clearRecorded = [clearRecordedAt, recordedAt, clearedAt]
    .flatMap((at) => at ?? [])
    .sort()
    .at(-1)
  return draftsOf([raise, clear(clearedAt, clearRecorded)])
}
