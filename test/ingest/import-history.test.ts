import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { openData } from '../../src/cli/open-data.ts'
import { importFolder, nowMs, type ImportFolder } from './import-into-folder.ts'

const inventory = 'id,kind,name\nS1,site,One\n'
const alarms =
  'alarmId,elementId,raisedAt,clearedAt,recordedAt,probableCause\nA2,S1,2025-03-02T10:00Z,,2025-03-02T10:07Z,down\nA1,S1,2025-03-01T10:00Z,2025-03-01T11:00Z,,down\n'
const complaints =
  'complaintId,reportedAt,phone\nC1,2025-03-01T10:30Z,13812345678\nC2,2025-03-02T12:00Z,13812345678\n'

function historyOf(folder: ImportFolder): string[] {
  return [
    `alarms=${folder.file('alarms.csv', alarms)}`,
    `complaints=${folder.file('complaints.csv', complaints)}`,
    `inventory=${folder.file('net.csv', inventory)}`,
  ]
}

test('files of all kinds become one history in the order of recording, marked, the network first', async () => {
  const folder = importFolder()
  expect(await folder.run('history', ...historyOf(folder), '--backfill')).toMatchObject({ exitCode: 0 })
  const events = await folder.events()
  expect(events.map(({ type, recordedAt }) => [type, recordedAt.slice(5, 16)])).toEqual([
    ['ElementRegistered', '03-01T10:00'],
    ['AlarmRaised', '03-01T10:00'],
    ['ComplaintReceived', '03-01T10:30'],
    ['AlarmCleared', '03-01T11:00'],
    ['AlarmRaised', '03-02T10:07'],
    ['ComplaintReceived', '03-02T12:00'],
  ])
  expect(events.every(({ meta }) => meta.backfilled === true)).toBe(true)
})

test('the same history again adds nothing; a later part may follow, an earlier one may not', async () => {
  const folder = importFolder()
  const files = historyOf(folder)
  await folder.run('history', ...files, '--backfill')
  expect((await folder.run('history', ...files, '--backfill')).told).toContain('0 stored, 6 known already')

  const later = folder.file(
    'later.csv',
    'alarmId,elementId,raisedAt,probableCause\nA9,S1,2025-04-01T10:00Z,down\n',
  )
  expect((await folder.run('alarms', later, '--backfill')).told).toContain('1 stored')

  const earlier = folder.file(
    'earlier.csv',
    'alarmId,elementId,raisedAt,probableCause\nA0,S1,2025-02-01T10:00Z,down\n',
  )
  const refused = await folder.run('alarms', earlier, '--backfill')
  expect(refused.exitCode).toBe(1)
  expect(refused.message).toMatch(
    /clock stands at 2025-04-01T10:00.*earlier\.csv, line 2.*causeway import history/,
  )
  expect(await folder.events()).toHaveLength(7)
})

test('a log that has gone live takes no history, and says what to do', async () => {
  const folder = importFolder()
  await folder.run('alarms', folder.file('live.csv', alarms))
  const { exitCode, message } = await folder.run('history', ...historyOf(folder), '--backfill')
  expect(exitCode).toBe(1)
  expect(message).toMatch(/has gone live: it holds a AlarmRaised.*new data folder.*leave --backfill out/)
})

test('without --backfill what happened long ago is recorded as arriving now', async () => {
  const folder = importFolder()
  await folder.run('history', ...historyOf(folder))
  const events = await folder.events()
  expect(new Set(events.map(({ recordedAt }) => recordedAt))).toEqual(
    new Set([new Date(nowMs).toISOString()]),
  )
  expect(events.some(({ meta }) => meta.backfilled)).toBe(false)
})

test('an inventory alone is history only from a stated time on', async () => {
  const folder = importFolder()
  const file = folder.file('net.csv', inventory)
  expect(await folder.run('inventory', file, '--backfill')).toMatchObject({ exitCode: 2 })
  expect(await folder.run('inventory', file, '--backfill', '--as-of', '2025-01-01T00:00Z')).toMatchObject({
    exitCode: 0,
  })
  expect((await folder.run('history', ...historyOf(folder), '--backfill')).told).toContain(
    '5 stored, 1 known',
  )
})

test('a folder in use is refused, with the way through its server', async () => {
  const folder = importFolder()
  const held = await openData(loadConfig({ flags: { data: folder.data } }), () => nowMs)
  try {
    const { exitCode, message } = await folder.run('alarms', folder.file('a.csv', alarms))
    expect(exitCode).toBe(1)
    expect(message).toMatch(/in use by process \d+.*--url/)
  } finally {
    await held.close()
  }
})
