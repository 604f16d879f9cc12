import type { Puller } from '../../config/puller.ts'
import { ImportError } from '../import-error.ts'
import { lteCellFields } from '../lte-cells.ts'
import { inSettings } from './in-settings.ts'
import { layoutFor, timeReader } from './read-drawn.ts'

/** A row of each kind that can be read, and those of its fields that take none but certain words. */
export const soundRows: Readonly<Record<Puller['kind'], { row: Fields; closed: readonly string[] }>> = {
  alarms: {
    row: { elementId: 'E', raisedAt: '2026-01-01T00:00Z', probableCause: 'down', severity: 'MAJOR' },
    closed: ['severity', 'serviceAffecting', 'plannedOutage'],
  },
  inventory: {
    row: { id: 'E', kind: 'site', lon: '113', lat: '23' },
    closed: ['kind', 'services', 'crs'],
  },
  links: { row: { elementId: 'E', dependsOn: 'F' }, closed: ['relation'] },
  cutovers: {
    row: {
      title: 'works',
      elementIds: 'E',
      plannedStart: '2026-01-01T00:00Z',
      plannedEnd: '2026-01-02T00:00Z',
      finishedAt: '2026-01-02T00:00Z',
    },
    closed: ['work', 'outcome', 'services', 'symptoms'],
  },
  complaints: {
    row: { reportedAt: '2026-01-01T00:00Z', lon: '113', lat: '23' },
    closed: [
      'symptom',
      'service',
      'pattern',
      'setting',
      'stillOut',
      'placeSource',
      'accountState',
      'deviceState',
      'crs',
    ],
  },
  gaps: {
    row: {
      kind: 'blind-spot',
      name: 'gap',
      lon: '113',
      lat: '23',
      radiusMeters: '100',
      reportedAt: '2026-01-01T00:00Z',
    },
    closed: ['kind', 'services', 'setting', 'reason', 'remedy', 'crs'],
  },
}

type Fields = Readonly<Record<string, string>>

/** What of a puller's settings would fail with every answer or file, whatever it holds; undefined where nothing would. Pure. */
export function pullerFault(puller: Puller): string | undefined {
  return formatFault(puller) ?? timeFault(puller) ?? fieldFault(puller) ?? wordFault(puller)
}

function formatFault({ format, list, delimiter }: Puller): string | undefined {
  if (format === 'csv' && list !== '')
    return `list ${list} is a path in JSON, and format is csv: leave one out`
  if (format === 'json' && delimiter !== undefined)
    return 'delimiter is for CSV, and format is json: leave one out'
  return undefined
}

function timeFault(puller: Puller): string | undefined {
  try {
    timeReader(puller)
    return undefined
  } catch (error) {
    if (error instanceof ImportError) return inSettings(error.message)
    throw error
  }
}

function fieldFault({ kind, map, set, words }: Puller): string | undefined {
  const { fields } = layoutFor(kind, '')([])
  const named = Object.entries({ map, set, words }).flatMap(([setting, of]) =>
    Object.keys(of).map((field) => ({ setting, field })),
  )
  const isLteCells = kind === 'inventory' && named.every(({ field }) => isOf(lteCellFields, field))
  const unknown = isLteCells ? undefined : named.find(({ field }) => !isOf(fields, field))
  if (unknown === undefined) return undefined
  return `${unknown.setting}: ${kind} have no field ${unknown.field}; there are ${fields.join(', ')}`
}

function isOf(fields: readonly string[], field: string): boolean {
  return fields.includes(field)
}

/** Whether each word that the settings put into a field is one that it takes. */
function wordFault({ kind, set, words }: Puller): string | undefined {
  const { row, closed } = soundRows[kind]
  const { read } = layoutFor(kind, '2026-01-01T00:00:00.000Z')([])
  const time = timeReader({})
  for (const field of closed) {
    const meanings = words[field] ?? {}
    const written = set[field]
    const given = [
      ...Object.values(meanings).map((word) => ({ setting: 'words', word })),
      ...(written === undefined ? [] : [{ setting: 'set', word: meanings[written] ?? written }]),
    ]
    for (const { setting, word } of given) {
      const result = read({ ...row, [field]: word }, { time, rest: {} })
      if ('refused' in result)
        return `${setting}: ${JSON.stringify(word)} is no word of the field ${field} (${result.refused})`
    }
  }
  return undefined
}
