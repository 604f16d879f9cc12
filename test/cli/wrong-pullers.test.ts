import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { until } from '../pipeline/until.ts'
import { runCli, startCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'

/* A puller that could never read anything is refused at the start, by `pull` and by `serve`. */

const alarms = { name: 'nms-1', source: 'nms', kind: 'alarms', folder: 'drop' }
const key = 'a key of sixteen characters'

function configured(settings: object): string {
  const file = join(tempFolder(), 'config.json')
  writeFileSync(file, JSON.stringify(settings))
  return file
}

const wrong: readonly (readonly [string, readonly object[], RegExp])[] = [
  [
    'a field that there is not',
    [{ ...alarms, map: { iid: 'seq' } }],
    /pullers: nms-1: map: alarms have no field iid; there are alarmId, elementId/,
  ],
  [
    'words for a field that there is not',
    [{ ...alarms, kind: 'inventory', words: { grade: { a: 'b' } } }],
    /nms-1: words: inventory have no field grade; there are id, kind/,
  ],
  [
    'a word that the field does not take',
    [{ ...alarms, words: { severity: { 甲: 'HUGE' } } }],
    /nms-1: words: "HUGE" is no word of the field severity \(.*"CRITICAL"/,
  ],
  [
    'a value that the field does not take',
    [{ ...alarms, kind: 'gaps', set: { kind: 'hole' } }],
    /nms-1: set: "hole" is no word of the field kind/,
  ],
  [
    'a token that is not there',
    [{ ...alarms, bearerEnv: 'NMS_TOKEN' }],
    /nms-1: bearerEnv: .*variable NMS_TOKEN/,
  ],
  [
    'two on one folder',
    [alarms, { ...alarms, name: 'nms-2', folder: './drop/' }],
    /nms-2: its folder .* also that of nms-1/,
  ],
  ['a list in CSV', [{ ...alarms, format: 'csv', list: 'data.rows' }], /nms-1: list data.rows .*csv/],
  ['times of no date', [{ ...alarms, timeFormat: 'HH:mm' }], /nms-1: timeFormat HH:mm names no whole date/],
]

describe.each(wrong)('%s', (_name, pullers, sentence) => {
  test.each(['pull', 'serve'])('%s', async (command) => {
    const config = configured({ pullers, log: 'memory', port: 0 })
    const { exitCode, stderr, stdout } = await runCli([command, '--config', config])
    expect(stderr).toMatch(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect([exitCode, stdout]).toEqual([2, ''])
  })
})

test('what a sender writes may be put into words of any spelling that an import reads', async () => {
  const words = { severity: { a: 'critical', b: '紧急', c: 'CLEARED' }, plannedOutage: { '-': 'no' } }
  const set = { severity: 'a' }
  const config = configured({ pullers: [{ ...alarms, words, set, bearerEnv: 'NMS_TOKEN' }] })
  const { stderr } = await runCli(['pull', '--config', config, '--once', 'nms-1'], {
    env: { NMS_TOKEN: 'open sesame' },
  })
  expect(stderr).toMatch(/the folder drop cannot be read/)
})

test('a server whose pullers have no key of a feed says so before it listens', async () => {
  const apiKeys = [{ name: 'desk', key, roles: ['operations'] }]
  const config = configured({ apiKeys, pullers: [alarms], log: 'memory', port: 0 })
  const { exitCode, stderr, stdout } = await runCli(['serve', '--config', config])
  expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining('role feed')])
})

test('--once on an empty folder tells whether the server lets the key in', async () => {
  const apiKeys = [
    { name: 'nms', key, roles: ['feed'] },
    { name: 'desk', key: `${key}!`, roles: ['operations'] },
  ]
  const server = startCli(['serve', '--config', configured({ apiKeys, log: 'memory', port: 0 })])
  await until(() => server.stdout().includes('listens on'))
  const [url = ''] = /http:\S+/.exec(server.stdout()) ?? []
  const folder = join(tempFolder(), 'drop')
  mkdirSync(folder)
  const config = configured({ pullers: [{ ...alarms, folder, intervalMs: 100 }] })
  const once = (env: Readonly<Record<string, string>>) =>
    runCli(['pull', '--config', config, '--once', 'nms-1', '--url', url], { env })
  expect(await once({ CAUSEWAY_API_KEY: key })).toEqual({
    exitCode: 0,
    stdout: 'there is no file that has settled\n',
    stderr: '',
  })
  expect(await once({})).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('401') as unknown })
  expect(await once({ CAUSEWAY_API_KEY: `${key}!` })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/403.*feed/) as unknown,
  })
  server.stop()
  expect((await server.done).exitCode).toBe(0)
})
