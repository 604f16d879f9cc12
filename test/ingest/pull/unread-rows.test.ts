import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { expect, onTestFinished, test } from 'vitest'
import { puller } from '../../../src/config/puller.ts'
import { pullFolder } from '../../../src/ingest/pull/pull-once.ts'
import { soundRows } from '../../../src/ingest/pull/puller-fault.ts'
import { layoutFor, requiredFields, timeReader } from '../../../src/ingest/pull/read-drawn.ts'
import { watchFolder } from '../../../src/ingest/pull/watch-folder.ts'
import { pullKinds } from '../../../schemas/feed-pull.ts'
import { startNms, startPullingCity } from './pulling-city.ts'

/* Where nothing can be read the last result says why. */

async function drop(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'causeway-drop-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content)
  return path
}

const row = { alarmId: 'A-1', elementId: 'S-1', raisedAt: '2026-03-01T01:00Z', probableCause: 'down' }

test('a list of which no row can be read says what is wrong with the first, and counts them', async () => {
  const city = await startPullingCity()
  const url = await startNms((_request, response) => {
    const rows = [1, 2, 3, 4].map((n) => ({ ...row, severity: `odd ${n}` }))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(rows))
  })
  const result = await city.pull({ kind: 'alarms', url })
  expect(result).toMatchObject({ status: 'failed', rows: 4, refused: 4 })
  expect(result.error).toMatch(/^no row of the list can be read: 1: perceivedSeverity.*; 2: .*; 3: [^;]*$/)
  const [feed] = await city.list('/v1/feeds')
  expect(feed).toMatchObject({ pulls: [{ error: result.error, rows: 4, refused: 4 }] })
})

test('a field that no row has is named, with what there is', async () => {
  const city = await startPullingCity()
  const url = await startNms((_request, response) => {
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify([{ ...row, raisedAt: undefined, time: row.raisedAt, severity: 'major' }]))
  })
  for (const whole of [true, false]) {
    expect(await city.pull({ kind: 'alarms', url, whole })).toMatchObject({
      status: 'failed',
      refused: 1,
      error:
        'no row has raisedAt: say in map where it is (there are alarmId, elementId, probableCause, time, severity), or in set what it is: 1: raisedAt is missing',
    })
  }
})

test('rows that are no rows say nothing of the mapping', async () => {
  const city = await startPullingCity()
  const folder = await drop({ 'a.csv': 'alarmId,elementId,time\nA-1\n' })
  const [result] = await city.pullAll({ kind: 'alarms', folder })
  expect(result?.error).toBe('no row of the list can be read: 2: has 1 columns, the heading 3')
})

const cells = 'A-1,S-1,2026-03-01T01:00Z,down,major'
const good = `alarmId,elementId,raisedAt,probableCause,severity\n${cells}\n`
const unmapped = `alarmId,elementId,time,probableCause,severity\n${cells}\n`

test('files stay while the mapping fits none; once one was read, another that it does not fit is put away', async () => {
  const city = await startPullingCity()
  const folder = await drop({ 'a.csv': unmapped, 'b.csv': unmapped })
  const settings = puller.parse({ name: 'p', source: 'nms', kind: 'alarms', folder, whole: false })
  const watched = watchFolder(folder)
  const look = async () => {
    await pullFolder(settings, watched, city.options)
    return pullFolder(settings, watched, city.options)
  }
  const [result, ...more] = await look()
  expect(more).toEqual([])
  expect(result).toMatchObject({ file: 'a.csv', status: 'failed', refused: 1 })
  expect(result?.error).toMatch(/files stay .*: no row has raisedAt: say in map where it is/)
  expect((await readdir(folder)).sort()).toEqual(['a.csv', 'b.csv'])
  await writeFile(join(folder, 'a.csv'), good)
  expect(await look()).toMatchObject([
    { file: 'a.csv', status: 'done' },
    { file: 'b.csv', status: 'failed' },
  ])
  expect((await readdir(folder)).sort()).toEqual(['done', 'failed'])
})

test('what is named is the setting, not the option of an import', async () => {
  const city = await startPullingCity()
  const folder = await drop({
    'a.csv': iconv.encode(`${good}A-2,S-1,2026-03-01T01:00Z,退服,major\n`, 'gb18030'),
  })
  const [result] = await city.pullAll({ kind: 'alarms', folder, encoding: 'utf-8' })
  expect(result?.error).toMatch(/try encoding gb18030/)
  const local = await drop({ 'a.csv': good.replace('T01:00Z', ' 09:00') })
  const [unzoned] = await city.pullAll({ kind: 'alarms', folder: local })
  expect(unzoned?.error).toMatch(/has no offset: say with zone/)
})

test.each(pullKinds)('of %s what is required is, and what takes certain words takes no other', (kind) => {
  const { row: sound, closed } = soundRows[kind]
  const { read } = layoutFor(kind, '2026-01-01T00:00:00.000Z')([])
  const isRefused = (fields: Readonly<Record<string, string | undefined>>) =>
    'refused' in read(fields, { time: timeReader({}), rest: {} })
  expect(isRefused(sound)).toBe(false)
  for (const field of requiredFields[kind])
    expect([field, isRefused({ ...sound, [field]: undefined })]).toEqual([field, true])
  for (const field of closed)
    expect([field, isRefused({ ...sound, [field]: 'no such word' })]).toEqual([field, true])
})
