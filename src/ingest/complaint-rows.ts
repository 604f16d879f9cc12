import { numberOr, timesOf } from './cell-values.ts'
import type { Fields } from './column-mapping.ts'
import { draftsOf, present } from './draft.ts'
import type { RowReader } from './row-reader.ts'

export const complaintFields = [
  'complaintId',
  'reportedAt',
  'troubleFrom',
  'troubleTo',
  'uncertaintyMinutes',
  'pattern',
  'lon',
  'lat',
  'crs',
  'placeName',
  'placeId',
  'placeSource',
  'uncertaintyMeters',
  'phone',
  'account',
  'name',
  'text',
  'symptom',
  'service',
  'network',
  'setting',
  'stillOut',
  'servedBy',
  'customerClass',
  'channel',
  'accountState',
  'deviceState',
  'recordedAt',
] as const

const msPerMinute = 60_000

/**
 * A complaint as an agent would have entered it: phone, account, name and text are personal, and sealed before anything
 * is stored (S1); what the text says is read then. Fields go before text. `text` may join columns with `+`.
 */
export const readComplaintRow: RowReader = (fields, { time }) => {
  const read = timesOf(fields, ['reportedAt', 'troubleFrom', 'troubleTo', 'recordedAt'], time)
  if ('refused' in read) return read
  const { reportedAt, troubleFrom, troubleTo, recordedAt } = read.times
  if (reportedAt === undefined) return { refused: 'reportedAt is missing' }
  const { complaintId, phone, account, name, text } = fields
  const minutes = numberOr(fields['uncertaintyMinutes'])
  return draftsOf([
    {
      type: 'ComplaintReceived',
      occurredAt: reportedAt,
      recordedAt,
      data: {
        id: complaintId,
        reportedAt,
        customer: present({ phone, account, name }),
        text,
        symptom: fields['symptom'],
        service: fields['service'],
        network: fields['network'],
        trouble: present({
          from: troubleFrom,
          to: troubleTo,
          uncertaintyMs: typeof minutes === 'number' ? Math.round(minutes * msPerMinute) : minutes,
          pattern: fields['pattern'],
        }),
        place: placeOf(fields),
        setting: fields['setting'],
        stillOut: fields['stillOut'],
        servedBy: fields['servedBy'],
        customerClass: fields['customerClass'],
        channel: fields['channel'],
        accountState: fields['accountState'],
        deviceState: fields['deviceState'],
      },
      notification: complaintId ?? '',
    },
  ])
}

function placeOf({
  lon,
  lat,
  crs,
  placeName,
  placeId,
  placeSource,
  uncertaintyMeters,
}: Fields): object | undefined {
  const point = lon === undefined && lat === undefined ? undefined : [numberOr(lon), numberOr(lat)]
  if (point === undefined && placeName === undefined && placeId === undefined) return undefined
  return present({
    point,
    crs: point === undefined ? undefined : crs?.toLowerCase(),
    name: placeName,
    placeId,
    source: placeSource,
    uncertaintyMeters: numberOr(uncertaintyMeters),
  })
}
