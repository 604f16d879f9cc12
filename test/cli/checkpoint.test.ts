import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../pipeline/until.ts'
import { startCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'

/** Runs a server on a data folder, posts a complaint, and stops it in good order; answers what it said. */
async function serveOnce(data: string, complaintId: string) {
  const server = startCli(['serve', '--data', data, '--port', '0'])
  await until(() => server.stdout().includes('listens on'))
  const url = /http:\S+/.exec(server.stdout())?.[0]
  const answer = await fetch(`${url}/v1/complaints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: complaintId, symptom: 'no-signal', place: { point: [113.3, 23.1] } }),
  })
  expect(answer.status).toBe(201)
  server.stop()
  return server.done
}

test('a server goes on from its checkpoint; a damaged one is passed over with a message, and written anew', async () => {
  const data = join(tempFolder(), 'data')
  const file = join(data, 'engine.checkpoint')
  expect(await serveOnce(data, 'C1')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(existsSync(file)).toBe(true)
  expect(await serveOnce(data, 'C2')).toMatchObject({ exitCode: 0, stderr: '' })
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 10) ^ 1, bytes.length - 10)
  writeFileSync(file, bytes)
  const warned = await serveOnce(data, 'C3')
  expect(warned.exitCode).toBe(0)
  expect(warned.stderr).toMatch(
    /engine\.checkpoint is passed over, its checksum does not match: the engine is made again/,
  )
  expect(await serveOnce(data, 'C4')).toMatchObject({ exitCode: 0, stderr: '' })
})
