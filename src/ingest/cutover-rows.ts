import { areaOf, listOf, timesOf } from './cell-values.ts'
import { contentNotification } from '../../schemas/event-id.ts'
import { draftsOf, type DraftWish } from './draft.ts'
import type { RowReader } from './row-reader.ts'

export const cutoverFields = [
  'cutoverId',
  'title',
  'elementIds',
  'lon',
  'lat',
  'crs',
  'radiusMeters',
  'ring',
  'plannedStart',
  'plannedEnd',
  'plannedAt',
  'startedAt',
  'finishedAt',
  'cancelledAt',
  'outcome',
  'work',
  'services',
  'symptoms',
  'description',
  'owner',
  'reason',
  'recordedAt',
] as const

const timeFields = [
  'plannedStart',
  'plannedEnd',
  'plannedAt',
  'startedAt',
  'finishedAt',
  'cancelledAt',
  'recordedAt',
] as const

/**
 * A cutover: planned, and then started, finished or cancelled where the row has times for that. When it was planned is the
 * file's time where no column says it, or its start where that came earlier.
 */
export const readCutoverRow: RowReader = (fields, { time, asOf }) => {
  const read = timesOf(fields, timeFields, time)
  if ('refused' in read) return read
  const { plannedStart, plannedEnd, plannedAt, startedAt, finishedAt, cancelledAt, recordedAt } = read.times
  const begun = plannedStart !== undefined && asOf !== undefined && asOf < plannedStart ? asOf : plannedStart
  const occurredAt = plannedAt ?? recordedAt ?? begun
  if (occurredAt === undefined) return { refused: 'plannedStart is missing' }
  if (startedAt !== undefined && finishedAt !== undefined && finishedAt < startedAt) {
    return { refused: 'finishedAt is earlier than startedAt' }
  }
  const elementIds = listOf(fields['elementIds'])
  const title = fields['title']
  const cutoverId =
    fields['cutoverId'] ?? contentNotification('cutover', occurredAt, { title, elementIds, plannedStart })
  const step = (type: DraftWish['type'], at: string | undefined, more: object): DraftWish[] =>
    at === undefined
      ? []
      : [{ type, occurredAt: at, data: { cutoverId, ...more }, notification: `${cutoverId}/${type}` }]
  return draftsOf([
    {
      type: 'CutoverPlanned',
      occurredAt,
      recordedAt,
      data: {
        cutoverId,
        title,
        elementIds,
        area: areaOf(fields),
        plannedStart,
        plannedEnd,
        work: fields['work']?.toLowerCase(),
        services: listOf(fields['services']),
        symptoms: listOf(fields['symptoms']),
        description: fields['description'],
        owner: fields['owner'],
      },
      notification: cutoverId,
    },
    ...step('CutoverStarted', startedAt, {}),
    ...step('CutoverFinished', finishedAt, { outcome: fields['outcome']?.toLowerCase() }),
    ...step('CutoverCancelled', cancelledAt, { reason: fields['reason'] }),
  ])
}
