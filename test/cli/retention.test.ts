import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { townStory } from '../fault/town-story.ts'
import { until } from '../pipeline/until.ts'
import { runCli, startCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'

test('retentionDays archives old days; taken away they are named by what needs them, and an archive can be replayed', async () => {
  const folder = tempFolder()
  const [data, config] = [join(folder, 'data'), join(folder, 'config.json')]
  const archive = join(data, 'log', 'archive')
  const story = townStory(3, 1)
  const log = await openLmdbLog({ folder: join(data, 'log') })
  await createWriter({ log }).write(story)
  await log.close()
  const serve = async (args: readonly string[], work: (url: string) => Promise<void>) => {
    const server = startCli(['serve', '--data', data, '--port', '0', ...args])
    await until(() => server.stdout().includes('listens on'))
    const url = /http:\S+/.exec(server.stdout())?.[0] ?? ''
    await until(async () => (await fetch(`${url}/ready`)).ok, 20_000)
    await work(url)
    server.stop()
    return server.done
  }
  const calm = { exitCode: 0, stderr: '' }
  const post = async (url: string, id: string) =>
    fetch(`${url}/v1/complaints`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, symptom: 'no-signal' }),
    })
  // The last day of a log stays: one of today makes all of the story old.
  expect(await serve([], async (url) => expect((await post(url, 'today')).status).toBe(201))).toMatchObject(
    calm,
  )
  writeFileSync(config, JSON.stringify({ retentionDays: 30 }))
  const archived = () => existsSync(archive) && readdirSync(archive).some((name) => name.endsWith('.gz'))
  expect(await serve(['--config', config], async () => until(archived))).toMatchObject(calm)
  expect(await runCli(['log', 'verify', '--data', data])).toMatchObject({
    ...calm,
    stdout: expect.stringContaining('sound') as string,
  })
  expect((await runCli(['replay', '--data', data])).stdout).toContain('are the same, byte for byte')

  // The server was stopped when it had begun: the rest by hand.
  const digest = async () =>
    /^sha256 .*$/m.exec((await runCli(['log', 'verify', '--data', data])).stdout)?.[0]
  const before = await digest()
  expect(before).toMatch(/^sha256 [0-9a-f]{64} up to \d{16}$/)
  expect(await runCli(['log', 'archive', '--data', data, '--before', '2026-06-01'])).toMatchObject(calm)
  expect(await digest()).toBe(before)
  const exported = await runCli(['export', '--data', data])
  const alarm = exported.stdout.split('\n').find((line) => line.includes('"AlarmRaised"')) ?? ''
  const elsewhere = join(folder, 'elsewhere')
  renameSync(archive, elsewhere)
  const complaint = story.find((event) => event.type === 'ComplaintReceived')
  const complaintId = complaint?.data.complaintId ?? ''
  // A restart goes on from its checkpoint and its rows, and needs none of it.
  expect(
    await serve([], async (url) => {
      expect((await fetch(`${url}/v1/complaints/${encodeURIComponent(complaintId)}`)).status).toBe(200)
      const again = await post(url, complaintId)
      expect(again.status).toBe(410)
      expect(await again.json()).toMatchObject({
        detail: expect.stringMatching(/^Archived: what lies at/) as string,
      })
      const bulk = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: `${alarm}\n`,
      })
      expect(await bulk.json()).toMatchObject({
        stored: 0,
        refused: 1,
        refusedLines: [{ line: 1, reason: expect.stringMatching(/^too old: its id is known/) as string }],
      })
    }),
  ).toMatchObject(calm)
  expect((await runCli(['log', 'verify', '--data', data])).stdout).toMatch(/archived events are elsewhere/)
  expect((await runCli(['replay', '--data', data])).stderr).toMatch(/is archived in .*put it back into/)
  expect((await runCli(['replay', '--data', data, '--archive', elsewhere])).stdout).toContain(
    'are the same, byte for byte',
  )
  // Made again from the beginning, the engine needs the files, and says which.
  rmSync(join(data, 'engine.checkpoint'))
  const lost = startCli(['serve', '--data', data, '--port', '0'])
  expect(await lost.done).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/put it back into/) as string,
  })
  renameSync(elsewhere, archive)
  expect(await serve([], async () => {})).toMatchObject(calm)
})

test('log archive moves days out of a stopped log; an EventStoreDB keeps everything', async () => {
  const data = join(tempFolder(), 'data')
  const log = await openLmdbLog({ folder: join(data, 'log') })
  await createWriter({ log }).write(townStory(3, 1))
  await log.close()
  expect(await runCli(['log', 'archive', '--data', data, '--before', 'yesterday'])).toMatchObject({
    exitCode: 2,
  })
  const done = await runCli(['log', 'archive', '--data', data, '--before', '9999-12-31'])
  expect(done.stdout).toMatch(/^\d+ events archived in \d+ files$/m)
  const again = await runCli(['log', 'archive', '--data', data, '--before', '9999-12-31'])
  expect(again.stdout).toBe('0 events archived in 0 files\n')
  const memory = await runCli(['serve', '--log', 'memory', '--port', '0'], {
    env: { CAUSEWAY_RETENTION_DAYS: '7' },
  })
  expect(memory).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/retentionDays is for the embedded log/) as string,
  })
})
