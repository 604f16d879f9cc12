import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { until } from '../pipeline/until.ts'
import { note } from '../pipeline/notes.ts'
import { runCli, startCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'

test('H1: an event that nobody can read is parked and listed, the server goes on, and a restart says the same', async () => {
  const data = join(tempFolder(), 'data')
  const serve = async (work: (url: string) => Promise<void>) => {
    const server = startCli(['serve', '--data', data, '--port', '0'])
    await until(() => server.stdout().includes('listens on'))
    const url = /http:\S+/.exec(server.stdout())?.[0] ?? ''
    await until(async () => (await fetch(`${url}/ready`)).ok)
    await work(url)
    server.stop()
    expect(await server.done).toMatchObject({ exitCode: 0, stderr: '' })
  }
  const parked = async (url: string) => runCli(['log', 'parked', '--url', url])
  await serve(async (url) =>
    expect(await parked(url)).toEqual({ exitCode: 0, stdout: 'nothing is parked\n', stderr: '' }),
  )
  const log = await openLmdbLog({ folder: join(data, 'log') })
  const poison = { ...note('a', 'x'), data: { text: 7 } } as unknown as Event
  await log.append('complaint-a', [poison], 'no_stream')
  await log.close()
  const check = async (url: string) => {
    const { stdout } = await parked(url)
    expect(stdout).toMatch(new RegExp(`schema +NoteAdded ${poison.id}: its about is not what the schema`))
    expect(stdout).toMatch(/^1 parked$/m)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('causeway_parked_events{of="schema"} 1')
    const answer = await fetch(`${url}/v1/complaints`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ symptom: 'no-signal', place: { point: [113.3, 23.1] } }),
    })
    expect(answer.status).toBe(201)
    const lines = await runCli(['log', 'parked', '--json', '--url', url])
    expect(JSON.parse(lines.stdout)).toMatchObject({ fold: 'schema', eventId: poison.id })
  }
  await serve(check)
  await serve(check)
  const { exitCode, stdout } = await runCli(['replay', '--data', data])
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 })
  expect(stdout).toContain('1 could not be taken and are left out')
  const gone = await runCli(['log', 'parked', '--url', 'http://127.0.0.1:1'])
  expect(gone).toMatchObject({ exitCode: 1 })
  expect(gone.stderr).toMatch(/cannot be reached .*is the server running/)
})
