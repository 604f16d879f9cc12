import { contentNotification } from '../../schemas/event-id.ts'
import { areaOf, listOf, timesOf } from './cell-values.ts'
import { draftsOf, present, type DraftWish } from './draft.ts'
import type { RowReader } from './row-reader.ts'

export const gapFields = [
  'gapId',
  'kind',
  'name',
  'lon',
  'lat',
  'crs',
  'radiusMeters',
  'ring',
  'network',
  'services',
  'setting',
  'since',
  'reportedAt',
  'closedAt',
  'reason',
  'reasonText',
  'remedy',
  'remedyReference',
  'remedyText',
  'remedyExpectedAt',
  'note',
  'recordedAt',
] as const

const kinds: Readonly<Record<string, string>> = {
  盲点: 'blind-spot',
  盲区: 'blind-spot',
  'blind spot': 'blind-spot',
  blindspot: 'blind-spot',
  弱信号: 'weak-signal',
  弱信号区: 'weak-signal',
  弱覆盖: 'weak-signal',
  'weak signal': 'weak-signal',
}
const reasons: Readonly<Record<string, string>> = {
  物业难点: 'owner-refuses',
  物业: 'owner-refuses',
  地形: 'terrain',
}
const remedies: Readonly<Record<string, string>> = {
  规划基站: 'planned-site',
  网络优化工程: 'optimisation-project',
  直放站: 'repeater',
}

/** A coverage gap: reported, and closed where the row has a time for that. Without any time it is as old as the file. */
export const readGapRow: RowReader = (fields, { time, asOf }) => {
  const read = timesOf(fields, ['since', 'reportedAt', 'closedAt', 'remedyExpectedAt', 'recordedAt'], time)
  if ('refused' in read) return read
  const { since, reportedAt, closedAt, remedyExpectedAt, recordedAt } = read.times
  const occurredAt = reportedAt ?? recordedAt ?? since ?? asOf
  if (occurredAt === undefined) {
    return { refused: 'has no time: give reportedAt or since, or say with --as-of how old the file is' }
  }
  if (closedAt !== undefined && closedAt < occurredAt)
    return { refused: 'closedAt is earlier than reportedAt' }
  const area = areaOf(fields)
  const { kind, name } = fields
  const gapId = fields['gapId'] ?? contentNotification('gap', since ?? '', { kind, name, area })
  const close: DraftWish[] =
    closedAt === undefined
      ? []
      : [
          {
            type: 'CoverageGapClosed',
            occurredAt: closedAt,
            data: { gapId, note: fields['note'] },
            notification: `${gapId}/closed`,
          },
        ]
  return draftsOf([
    {
      type: 'CoverageGapReported',
      occurredAt,
      recordedAt,
      data: {
        gapId,
        kind: worded(kinds, kind),
        name,
        area,
        network: fields['network'],
        services: listOf(fields['services']),
        setting: fields['setting'],
        since,
        reason: present({ kind: worded(reasons, fields['reason']), text: fields['reasonText'] }),
        remedy: present({
          kind: worded(remedies, fields['remedy']),
          reference: fields['remedyReference'],
          text: fields['remedyText'],
          expectedAt: remedyExpectedAt,
        }),
      },
      notification: gapId,
    },
    ...close,
  ])
}

function worded(words: Readonly<Record<string, string>>, text: string | undefined): string | undefined {
  return text === undefined ? undefined : (words[text.toLowerCase()] ?? text.toLowerCase())
}
