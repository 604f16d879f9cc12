import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startStandIn } from '../event-log/esdb-stand-in/stand-in.ts'
import { until } from '../pipeline/until.ts'
import { runCli, startCli } from './run-cli.ts'
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

test('on EventStoreDB a checkpoint is taken beside the server, and a read model is made again', async () => {
  const standIn = await startStandIn()
  onTestFinished(() => standIn.close())
  const env = { CAUSEWAY_LOG: standIn.connectionString, CAUSEWAY_LOG_PREFIX: 'south' }
  const data = join(tempFolder(), 'data')
  const server = startCli(['serve', '--data', data, '--port', '0'], { env })
  await until(() => server.stdout().includes('listens on'))
  const url = /http:\S+/.exec(server.stdout())?.[0] ?? ''
  const answer = await fetch(`${url}/v1/complaints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'C1', symptom: 'no-signal', place: { point: [113.3, 23.1] } }),
  })
  expect(answer.status).toBe(201)
  expect(await runCli(['log', 'checkpoint', '--data', data], { env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^checkpoint at /) as string,
    stderr: '',
  })
  expect(await runCli(['projections', 'rebuild', 'complaint', '--url', url])).toMatchObject({ exitCode: 0 })
  expect((await fetch(`${url}/v1/complaints/C1`)).status).toBe(200)
  expect((await runCli(['log', 'parked', '--url', url])).stdout).toBe('nothing is parked\n')
  server.stop()
  expect(await server.done).toMatchObject({ exitCode: 0, stderr: '' })
})
