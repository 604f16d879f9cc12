import { expect, test } from 'vitest'
import { noticesOpen, type Notice } from '../../projections/notice.ts'
import type { Event } from '../../schemas/event.ts'
import { configSchema } from '../../src/config/config.ts'
import { given, noon, outageOpened, said } from './given.ts'

const { noc } = configSchema.parse({})
const at = (minutes: number): string => new Date(Date.parse(noon) + minutes * 60_000).toISOString()

const inventory: readonly Event[] = [
  said('ElementRegistered', { elementId: 'BSC', kind: 'aggregation', name: 'BSC' }),
  said('ElementRegistered', { elementId: 'F', kind: 'power', name: 'Feeder' }),
  ...['S1', 'S2', 'S3'].map((elementId) =>
    said('ElementRegistered', { elementId, kind: 'site', name: elementId, parent: 'BSC' }),
  ),
  said('ElementRegistered', { elementId: 'S9', kind: 'site', name: 'S9' }),
  said('ElementRegistered', { elementId: 'S1-1', kind: 'cell', name: 'S1-1', parent: 'S1' }),
  said('ElementLinked', { elementId: 'S9', dependsOn: 'F', relation: 'powers' }),
  said('ElementLinked', { elementId: 'S3', dependsOn: 'F', relation: 'powers' }),
]

const out = (elementId: string, minutes: number, more: object = {}): Event =>
  outageOpened(
    `OUT-${elementId}`,
    { elementId, root: { kind: 'alarm', id: `nms/${elementId}@${at(minutes)}` }, subscribers: 10, ...more },
    { at: at(minutes) },
  )

function rows(events: readonly Event[], minutes: number, togetherMs = noc.togetherMs): readonly Notice[] {
  return noticesOpen(given(...inventory, ...events), undefined, {
    nowMs: Date.parse(at(minutes)),
    weights: noc,
    minCustomers: 4,
    togetherMs,
    maxNotices: noc.maxNotices,
  }).notices
}

const shown = (notices: readonly Notice[]): object[] =>
  notices.map(({ id, together }) => ({ id, together })).toSorted((a, b) => (a.id < b.id ? -1 : 1))

test('outages that began together under one element are one row, by the name of the first', () => {
  const notices = rows([out('S2', 0), out('S1', 3), out('S3', 6)], 10)
  expect(shown(notices)).toEqual([{ id: 'OUT-S2', together: ['OUT-S1', 'OUT-S3'] }])
  expect(notices[0]).toMatchObject({ subscribers: 30, since: at(0), state: 'open' })
})

test('a cell belongs with its site’s neighbours, a feeder with what it powers', () => {
  expect(shown(rows([out('S1-1', 0), out('S2', 2)], 10))).toEqual([{ id: 'OUT-S1-1', together: ['OUT-S2'] }])
  expect(shown(rows([out('S9', 0), out('S3', 1)], 10))).toEqual([{ id: 'OUT-S9', together: ['OUT-S3'] }])
})

test('what began at another time, elsewhere, or by works that are known stands alone, and so does all where it is switched off', () => {
  const alone = [
    out('S1', 0),
    out('S2', 6),
    out('S9', 1),
    out('S3', 30, { root: { kind: 'cutover', id: 'CO' } }),
  ]
  expect(shown(rows(alone, 40)).map((row) => 'together' in row && row.together)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(rows([out('S1', 0), out('S2', 0)], 10, 0)).toHaveLength(2)
})

test('what is restored goes with the first of its group that has ended; what is still out stays', () => {
  const ended = said(
    'OutageEnded',
    { outageId: 'OUT-S1', reason: 'restored' },
    { at: at(200), source: 'engine', actor: 'engine' },
  )
  const restored = said(
    'OutageChanged',
    { outageId: 'OUT-S2', state: 'restored' },
    { at: at(90), source: 'engine', actor: 'engine' },
  )
  const both = [out('S1', 0), out('S2', 2)]
  expect(shown(rows([...both, restored, ended], 205))).toEqual([])
  expect(shown(rows([...both, ended], 205))).toEqual([{ id: 'OUT-S2', together: undefined }])
})
