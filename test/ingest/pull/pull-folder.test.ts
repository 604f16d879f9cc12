import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { expect, onTestFinished, test } from 'vitest'
import { puller } from '../../../src/config/puller.ts'
import { runPullerOnce } from '../../../src/ingest/pull/run-pullers.ts'
import { watchFolder } from '../../../src/ingest/pull/watch-folder.ts'
import { startPullingCity } from './pulling-city.ts'

/* Files that another system drops into a folder. */

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'causeway-drop-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

const report = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8')) as object

test('files are taken by name once they have settled, and put away with a report', async () => {
  const city = await startPullingCity()
  const drop = await folder()
  const heading = 'alarmId,elementId,raisedAt,clearedAt,probableCause,severity\n'
  const first = `${heading}A-1,S-1,2026-03-01 09:00,,基站退服,紧急\n`
  await writeFile(
    join(drop, '2-clears.csv'),
    `${heading}A-1,S-1,2026-03-01 09:00,2026-03-01 09:30,基站退服,紧急\n`,
  )
  await writeFile(join(drop, '1-raises.csv'), iconv.encode(first, 'gb18030'))
  await writeFile(join(drop, '3-broken.json'), '[{"alarmId":')
  await writeFile(join(drop, '4-half.csv.filepart'), heading)
  const settings = { kind: 'alarms', folder: drop, whole: false, zone: 'Asia/Shanghai' }
  const results = await city.pullAll(settings)
  expect(results).toMatchObject([
    { file: '1-raises.csv', status: 'done', rows: 1, items: 1 },
    { file: '2-clears.csv', status: 'done', items: 1 },
    { file: '3-broken.json', status: 'failed', error: expect.stringContaining('no whole JSON') as unknown },
  ])
  expect(await city.get('/v1/alarms/nms/A-1')).toMatchObject({
    probableCause: '基站退服',
    cleared: { at: '2026-03-01T01:30:00.000Z' },
  })
  expect((await readdir(drop)).sort()).toEqual(['4-half.csv.filepart', 'done', 'failed'])
  expect(await readdir(join(drop, 'done'))).toEqual([
    '1-raises.csv',
    '1-raises.csv.report.json',
    '2-clears.csv',
    '2-clears.csv.report.json',
  ])
  expect(await report(drop, 'failed', '3-broken.json.report.json')).toMatchObject({
    status: 'failed',
    puller: 'p',
  })
  // Dropped again under the same name it is known, and put beside the other one; refused rows are named.
  await writeFile(join(drop, '1-raises.csv'), `${first}A-2,,2026-03-01 09:00,,x,major\n`)
  expect(await city.pullAll(settings)).toMatchObject([{ status: 'nothing-new', rows: 2, refused: 1 }])
  expect(await report(drop, 'done', '2-1-raises.csv.report.json')).toMatchObject({
    refusals: [{ line: 3, reason: expect.stringContaining('elementId') as unknown }],
  })
  expect(await city.pullAll(settings)).toEqual([])
  expect(await city.pullAll({ ...settings, folder: join(drop, 'nowhere') })).toMatchObject([
    { status: 'failed', error: expect.stringContaining('cannot be read') as unknown },
  ])
})

test('a file that is still being written is left alone', async () => {
  const drop = await folder()
  const watched = watchFolder(drop)
  await writeFile(join(drop, 'a.csv'), 'one')
  expect(await watched.look()).toEqual([])
  await appendFile(join(drop, 'a.csv'), ' two')
  expect(await watched.look()).toEqual([])
  expect(await watched.look()).toMatchObject([{ name: 'a.csv' }])
})

test('where the server is away, files stay; when it is back they are taken', async () => {
  const city = await startPullingCity()
  const drop = await folder()
  await writeFile(
    join(drop, 'a.csv'),
    'alarmId,elementId,raisedAt,probableCause,severity\nA-1,S-1,2026-03-01T01:00Z,down,major\n',
  )
  await writeFile(join(drop, 'b.csv'), 'not to be reached before a.csv\n')
  const { server, ...rest } = city.options
  const settings = puller.parse({ name: 'p', source: 'nms', kind: 'alarms', folder: drop, intervalMs: 100 })
  const away = {
    ...rest,
    server: { ...server, url: 'http://127.0.0.1:1', maxBusyMs: 0 },
    onTrouble: () => {},
  }
  expect(await runPullerOnce(settings, away)).toMatchObject([{ file: 'a.csv', status: 'failed' }])
  expect((await readdir(drop)).sort()).toEqual(['a.csv', 'b.csv'])
  expect(await city.pullAll(settings)).toMatchObject([
    { file: 'a.csv', items: 1 },
    { file: 'b.csv', status: 'failed' },
  ])
})

const cells = join(import.meta.dirname, '../../../../shared/data/lte-cells/cells.csv')
if (!existsSync(cells))
  process.stderr.write('skipped: the list of LTE cells, because ../shared/data is not there\n')

test.skipIf(!existsSync(cells))('a real list of LTE cells is an inventory', async () => {
  const city = await startPullingCity()
  const drop = await folder()
  await cp(cells, join(drop, 'cells.csv'))
  const [result] = await city.pullAll({ kind: 'inventory', folder: drop })
  expect(result).toMatchObject({ status: 'done', refused: 0 })
  expect(result?.items).toBeGreaterThan(result?.rows ?? 0)
  expect(await city.get('/v1/elements/23410-504287')).toMatchObject({ facts: { name: 'Cuckfield Bypass' } })
  await cp(cells, join(drop, 'cells.csv'))
  expect(await city.pullAll({ kind: 'inventory', folder: drop })).toMatchObject([
    { status: 'nothing-new', items: 0 },
  ])
})
