import { expect, test } from 'vitest'
import { importFolder } from './import-into-folder.ts'

const line = (type: string, at: string, data: object, more: object = {}) =>
  JSON.stringify({ type, source: 'nms', occurredAt: at, data, ...more })
const alarm = (alarmId: string, at: string, more: object = {}) =>
  line('AlarmRaised', at, { alarmId, elementId: 'S1', probableCause: 'down' }, more)
const complaint = (complaintId: string, at: string) =>
  line('ComplaintReceived', at, { complaintId, text: '没有信号', customer: { phone: '13812345678' } })

test('a simulated day or an export becomes history in the order of recording, marked, without its decisions', async () => {
  const folder = importFolder()
  const file = folder.file(
    'day.ndjson',
    [
      alarm('A2', '2025-03-01T10:00:00Z', { recordedAt: '2025-03-01T12:00:00.000Z' }),
      complaint('C1', '2025-03-01T11:00:00Z'),
      line('OutageEnded', '2025-03-01T11:30:00Z', { outageId: 'O1', reason: 'restored' }),
      line('ClockTicked', '2025-03-01T11:30:00Z', {}),
      alarm('A1', '2025-03-01T09:00:00Z'),
    ].join('\n'),
  )
  const { exitCode, told } = await folder.run('events', file, '--backfill')
  expect(exitCode).toBe(0)
  expect(told).toContain('2 events of the engine and the server left out')
  const events = await folder.events()
  expect(
    events.map(({ type, recordedAt, meta }) => [type, recordedAt.slice(11, 16), meta.backfilled]),
  ).toEqual([
    ['AlarmRaised', '09:00', true],
    ['ComplaintReceived', '11:00', true],
    ['AlarmRaised', '12:00', true],
  ])
  expect(JSON.stringify(events)).not.toContain('13812345678')
  expect(await folder.unsealed('C1')).toMatchObject({ phone: '13812345678' })
  expect((await folder.run('events', file, '--backfill')).told).toContain('0 stored, 3 known already')
})

test('H1: wrong lines are refused by number, the others stored', async () => {
  const folder = importFolder()
  const file = folder.file(
    'day.ndjson',
    [
      alarm('A1', '2025-03-01T09:00:00Z'),
      '{"type":',
      '',
      alarm('A2', '2025-03-01 09:00'),
      alarm('A3', '2025-03-01T09:00:00Z', { recordedAt: '2099-01-01T00:00:00.000Z' }),
    ].join('\n'),
  )
  const { exitCode } = await folder.run(
    'events',
    file,
    '--backfill',
    '--refused',
    folder.path('refused.ndjson'),
  )
  expect(exitCode).toBe(3)
  const refused = folder
    .read('refused.ndjson')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as object)
  expect(refused).toMatchObject([
    { line: 2, reason: 'is no JSON' },
    { line: 4, reason: expect.stringContaining('offset') },
    { line: 5, reason: expect.stringContaining('future') },
  ])
  expect(await folder.events()).toHaveLength(1)
})

test('without --backfill it is recorded as arriving now, and history is refused from then on', async () => {
  const folder = importFolder()
  const file = folder.file('day.ndjson', alarm('A1', '2025-03-01T09:00:00Z'))
  expect(await folder.run('events', file)).toMatchObject({ exitCode: 0 })
  const [event] = await folder.events()
  expect(event?.recordedAt.slice(0, 7)).toBe('2026-06')
  expect(event?.meta.backfilled).toBeUndefined()
  const later = folder.file('later.ndjson', alarm('A2', '2025-03-02T09:00:00Z'))
  const { exitCode, message } = await folder.run('events', later, '--backfill')
  expect({ exitCode, message }).toMatchObject({ exitCode: 1, message: expect.stringContaining('gone live') })
})
