import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCli } from '../cli/run-cli.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { serve } from './serving-process.ts'

/** Complaints recorded at the same time. */
const clients = 3

test('export, replay, log info and log cat read beside a server that goes on taking complaints', async () => {
  const data = join(tempFolder(), 'data')
  const server = await serve(data)
  let isOver = false
  let sent = 0
  let recorded = 0
  const record = async () => {
    while (!isOver) {
      sent += 1
      const body = JSON.stringify({
        id: `C-${sent}`,
        symptom: 'no-signal',
        place: { point: [113.3, 23.1] },
      })
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${server.url}/v1/complaints`, { method: 'POST', headers, body })
      expect([201, 202]).toContain(answer.status)
      recorded += 1
    }
  }
  const traffic = Promise.all(Array.from({ length: clients }, record))
  try {
    for (const before of [clients, 30, 90]) {
      while (recorded < before) await fetch(`${server.url}/health`)
      const run = async (...args: string[]) => {
        const { exitCode, stdout, stderr } = await runCli([...args, '--data', data])
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
        return stdout
      }
      // What the server has not decided yet is told, and is no difference.
      expect(JSON.parse(await run('replay', '--json'))).toMatchObject({ decisions: { equal: true } })
      const info = JSON.parse(await run('log', 'info', '--json')) as { events: number; head: string }
      const exported = (await run('export')).trimEnd().split('\n')
      expect(exported.length).toBeGreaterThanOrEqual(info.events)
      expect(
        (await run('log', 'cat', '--limit', String(info.events))).trimEnd().split('\n').at(-1),
      ).toContain(info.head)
      expect(await run('export', '--what', 'complaints', '--format', 'csv')).toContain('C-1')
    }
  } finally {
    isOver = true
    await traffic
  }
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(JSON.parse((await runCli(['replay', '--data', data, '--json'])).stdout)).toMatchObject({
    decisions: { equal: true },
  })
})
