import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../pipeline/until.ts'
import { runCli, startCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'

test('a read model is made again on a running server, and in a folder that nobody uses', async () => {
  const data = join(tempFolder(), 'data')
  const server = startCli(['serve', '--data', data, '--port', '0'])
  await until(() => server.stdout().includes('listens on'))
  const url = /http:\S+/.exec(server.stdout())?.[0] ?? ''
  const post = await fetch(`${url}/v1/complaints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'C1', symptom: 'no-signal', place: { point: [113.3, 23.1] } }),
  })
  expect(post.status).toBe(201)
  const rebuild = await runCli(['projections', 'rebuild', 'complaint', '--url', url])
  expect(rebuild).toMatchObject({ exitCode: 0, stderr: '' })
  expect(rebuild.stdout).toMatch(/^complaint is made again of \d+ events$/m)
  expect((await fetch(`${url}/v1/complaints/C1`)).status).toBe(200)
  const list = await runCli(['projections', 'list', '--url', url])
  expect(list.stdout).toMatch(/^complaint +version \d+ {2}made again of \d+ events$/m)
  expect(list.stdout).toMatch(/^outage +version \d+$/m)
  const unknown = await runCli(['projections', 'rebuild', 'nothing', '--url', url])
  expect(unknown).toMatchObject({ exitCode: 1, stdout: '' })
  expect(unknown.stderr).toContain('404 No read model nothing')
  const taken = await runCli(['projections', 'rebuild', 'complaint', '--data', data])
  expect(taken).toMatchObject({ exitCode: 1 })
  server.stop()
  await server.done
  const stopped = await runCli(['projections', 'rebuild', 'complaint', '--data', data])
  expect(stopped).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await runCli(['projections', 'rebuild', 'nothing', '--data', data])).toMatchObject({ exitCode: 1 })
})
