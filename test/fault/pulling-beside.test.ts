import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../cli/temp-folder.ts'
import { startNms } from '../ingest/pull/pulling-city.ts'
import { until } from '../pipeline/until.ts'
import { serve } from './serving-process.ts'

/* What draws from an NMS is a process of its own: its death costs the server nothing, and it does not outlive the server. */

/** A process may take long to start on a busy machine. */
const startMs = 25_000
const processes = '/proc'
const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`${processes}/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
const isPuller = (pid: number): boolean => {
  try {
    return readFileSync(`${processes}/${pid}/cmdline`, 'utf8').split('\0').includes('pull')
  } catch {
    return false
  }
}
const canLook = existsSync(`${processes}/self/task`)
if (!canLook) process.stderr.write('skipped: pullers beside a server, because this system has no /proc\n')

test.skipIf(!canLook)(
  'a killed puller is started again while the server answers, and none outlives a killed server',
  async () => {
    const at = new Date().toISOString()
    const list = [
      { alarmId: 'A-1', elementId: 'S-1', raisedAt: at, probableCause: 'down', severity: 'major' },
    ]
    let asked = 0
    const url = await startNms((_request, response) => {
      asked += 1
      response.setHeader('content-type', 'application/json').end(JSON.stringify(list))
    })
    const folder = tempFolder()
    const config = join(folder, 'config.json')
    const key = 'a key of sixteen characters'
    const apiKeys = [{ name: 'nms', key, roles: ['feed', 'operations'] }]
    const puller = { name: 'alarms', source: 'nms', kind: 'alarms', url, intervalMs: 200 }
    writeFileSync(config, JSON.stringify({ apiKeys, pullers: [puller] }))
    const server = await serve(join(folder, 'data'), ['--config', config])
    const get = async (path: string) => {
      const response = await fetch(`${server.url}${path}`, { headers: { 'x-api-key': key } })
      return JSON.stringify(await response.json())
    }
    await until(async () => (await get('/v1/alarms')).includes('A-1'), startMs)
    const first = childrenOf(server.pid).find(isPuller)
    if (first === undefined) throw new Error('there is no puller')
    process.kill(first, 'SIGKILL')
    await until(() => childrenOf(server.pid).some((pid) => pid !== first && isPuller(pid)), startMs)
    const before = asked
    await until(() => asked > before, startMs)
    expect(server.stderr()).toContain('the pullers ended and are started again')
    await until(async () => (await get('/v1/feeds')).includes('"status":"nothing-new"'), startMs)
    const second = childrenOf(server.pid).find(isPuller) ?? 0
    await server.end('SIGKILL')
    await until(() => !isPuller(second), startMs)
  },
  60_000,
)

test('a server whose pullers have no key of a feed says so, and does not start', async () => {
  const folder = tempFolder()
  const config = join(folder, 'config.json')
  const apiKeys = [{ name: 'desk', key: 'a key of sixteen characters', roles: ['operations'] }]
  const puller = { name: 'alarms', source: 'nms', kind: 'alarms', folder }
  writeFileSync(config, JSON.stringify({ apiKeys, pullers: [puller] }))
  const server = await serve(join(folder, 'data'), ['--config', config]).catch((error: unknown) =>
    String(error),
  )
  if (typeof server === 'string') return expect(server).toContain('role feed')
  expect(await server.ended).toMatchObject({ code: 2 })
  expect(server.stderr()).not.toContain('listens on')
  expect(server.stderr()).toContain('role feed')
})
