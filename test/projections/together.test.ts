import { expect, test } from 'vitest'
import type { Notice } from '../../projections/notice-row.ts'
import { noticesOpen, type WantedByMute } from '../../projections/notice.ts'
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

function rows(
  events: readonly Event[],
  minutes: number,
  { togetherMs = noc.togetherMs, muted = 'hidden' }: { togetherMs?: number; muted?: WantedByMute } = {},
): readonly Notice[] {
  return noticesOpen(given(...inventory, ...events), undefined, {
    nowMs: Date.parse(at(minutes)),
    weights: noc,
    minCustomers: 4,
    togetherMs,
    muted,
    maxNotices: noc.maxNotices,
  }).notices
}

const shown = (notices: readonly Notice[]): object[] =>
  notices
    .map(({ id, together }) => ({ id, together: together?.map((one) => one.id) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))

test('outages that began together under one element are one row, by the name of the first', () => {
  const notices = rows([out('S2', 0), out('S1', 3), out('S3', 6)], 10)
  expect(shown(notices)).toEqual([{ id: 'OUT-S2', together: ['OUT-S2', 'OUT-S1', 'OUT-S3'] }])
  expect(notices[0]).toMatchObject({ subscribers: 30, since: at(0), state: 'open' })
})

test('a cell belongs with its site’s neighbours, a feeder with what it powers', () => {
  expect(shown(rows([out('S1-1', 0), out('S2', 2)], 10))).toEqual([
    { id: 'OUT-S1-1', together: ['OUT-S1-1', 'OUT-S2'] },
  ])
  expect(shown(rows([out('S9', 0), out('S3', 1)], 10))).toEqual([
    { id: 'OUT-S9', together: ['OUT-S9', 'OUT-S3'] },
  ])
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
  expect(rows([out('S1', 0), out('S2', 0)], 10, { togetherMs: 0 })).toHaveLength(2)
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

const three = [out('S2', 0), out('S1', 4, { subscribers: 7 }), out('S3', 8)]
const mute = (elementId: string, until: number): Event =>
  said('NoticeMuted', {
    about: { kind: 'outage', id: `OUT-${elementId}` },
    reason: 'known',
    until: at(until),
  })
const assign = (elementId: string, assignee: string): Event =>
  said('OutageAssigned', { outageId: `OUT-${elementId}`, assignee })
const acknowledge = (elementId: string): Event => said('OutageAcknowledged', { outageId: `OUT-${elementId}` })

test('a mute takes its outage out of the row, which goes on with the others and their figures alone', () => {
  // Without S1 the others did not begin within the time of each other: they stay one row all the same.
  const muted = [...three, mute('S1', 60)]
  const listed = rows(muted, 10)
  expect(shown(listed)).toEqual([{ id: 'OUT-S2', together: ['OUT-S2', 'OUT-S3'] }])
  expect(listed[0]).toMatchObject({ subscribers: 20, muted: undefined })
  expect(rows(muted, 10, { muted: 'only' })).toMatchObject([
    { id: 'OUT-S1', subscribers: 7, muted: { until: at(60) } },
  ])
  const [all, ...more] = rows(muted, 10, { muted: 'shown' })
  expect(more).toEqual([])
  expect(all).toMatchObject({ id: 'OUT-S2', subscribers: 27, muted: undefined })
  expect(all?.together?.map((one) => one.muted?.until)).toEqual([undefined, at(60), undefined])
  expect(shown(rows(muted, 61))).toEqual([{ id: 'OUT-S2', together: ['OUT-S2', 'OUT-S1', 'OUT-S3'] }])
})

test('a row whose first is muted goes by the name of the next; one that is muted whole is a row of the muted', () => {
  expect(shown(rows([...three, mute('S2', 60)], 10))).toEqual([
    { id: 'OUT-S1', together: ['OUT-S1', 'OUT-S3'] },
  ])
  const whole = [...three, mute('S1', 40), mute('S2', 60), mute('S3', 50)]
  expect(rows(whole, 10)).toEqual([])
  expect(rows(whole, 10, { muted: 'only' })).toMatchObject([
    { id: 'OUT-S2', subscribers: 27, muted: { until: at(40) } },
  ])
})

test('a row is somebody’s and acknowledged where all its outages are, and names what each is', () => {
  const [row] = rows([...three, assign('S2', 'Chen'), assign('S1', 'Chen'), acknowledge('S2')], 10)
  expect(row).toMatchObject({ owner: undefined, acknowledged: false })
  expect(row?.together).toMatchObject([
    { id: 'OUT-S2', state: 'open', acknowledged: true, owner: 'Chen' },
    { id: 'OUT-S1', state: 'open', acknowledged: false, owner: 'Chen' },
    { id: 'OUT-S3', state: 'open', acknowledged: false, owner: undefined },
  ])
  const all = ['S1', 'S2', 'S3'].flatMap((id) => [assign(id, 'Chen'), acknowledge(id)])
  expect(rows([...three, ...all], 10)).toMatchObject([{ owner: 'Chen', acknowledged: true }])
})
