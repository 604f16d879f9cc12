import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { createEngine } from '../../src/correlate/engine.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { startStandIn } from '../event-log/esdb-stand-in/stand-in.ts'
import { collect } from '../event-log/made-events.ts'
import { townStory } from '../fault/town-story.ts'
import { until } from '../pipeline/until.ts'
import { runCli, startCli } from './run-cli.ts'
import { tempFolder } from './temp-folder.ts'

/** The log of a random day in town, decided, in a data folder. */
async function decidedDay(data: string, seed = 1): Promise<void> {
  const log = await openLmdbLog({ folder: join(data, 'log') })
  await decideInto(log, seed)
  await log.close()
}

async function decideInto(log: EventLog, seed: number): Promise<void> {
  const inputs = townStory(seed, 3)
  const writer = createWriter({ log })
  await writer.write(inputs.slice(0, 40))
  const clock = virtualClock(toMs(inputs[0]?.recordedAt ?? toInstant(0)))
  const engine = createEngine()
  const correlator = startCorrelator({ log, clock, writer, engine, engineVersion: '1', instance: 'one' })
  await correlator.ready
  await writer.write(inputs.slice(40))
  await until(() => correlator.lag().events === 0)
  await correlator.stop()
}

/** Changes bytes of the log's file as a failing disk would. */
function damage(data: string, text: string, replacement: string): void {
  const file = join(data, 'log', 'data.mdb')
  const bytes = readFileSync(file)
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  for (let next = at; next !== -1; next = bytes.indexOf(text, next + 1))
    bytes.write(replacement, next, 'latin1')
  writeFileSync(file, bytes)
}

async function logOf(data: string) {
  const log = await openLmdbLog({ folder: join(data, 'log') })
  const all = await collect(log.readAll())
  await log.close()
  return all
}

test('a log as the engine leaves it is sound, on a terminal with progress', async () => {
  const data = join(tempFolder(), 'data')
  await decidedDay(data)
  const { exitCode, stdout, stderr } = await runCli(['log', 'verify', '--data', data])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(
    /^\d+ events in \d+ streams read, up to (\d{16})\nsha256 [0-9a-f]{64} up to \1\nsound\n$/,
  )
  const terminal = await runCli(['log', 'verify', '--data', data, '--json'], { isTTY: true })
  expect(JSON.parse(terminal.stdout)).toMatchObject({ findingCount: 0, findings: [] })
})

test('a damaged event is named by its position, by everything that reads, and nothing passes over it', async () => {
  const data = join(tempFolder(), 'data')
  await decidedDay(data)
  const all = await logOf(data)
  const victim = all.find(({ type }) => type === 'ComplaintReceived')
  damage(data, `"${victim?.id}","ComplaintReceived"`, `"${victim?.id}","ComplaintReceiver"`)

  const verified = await runCli(['log', 'verify', '--data', data])
  expect(verified.exitCode).toBe(1)
  expect(verified.stdout).toMatch(
    new RegExp(`^${victim?.position}  damaged   its checksum does not match$`, 'm'),
  )
  expect(verified.stderr).toMatch(/^causeway: the log is damaged: \d+ findings?\. Restore a backup/)
  const cat = await runCli(['log', 'cat', '--data', data])
  expect(cat).toMatchObject({ exitCode: 1 })
  expect(cat.stderr).toContain(`record at position ${victim?.position} is damaged`)
  expect(cat.stdout.trimEnd().split('\n')).toHaveLength(
    all.findIndex(({ position }) => position === victim?.position),
  )
  const backup = await runCli(['log', 'backup', join(data, '..', 'backup'), '--data', data])
  expect(backup).toMatchObject({ exitCode: 1 })
  expect(backup.stderr).toMatch(/nothing was kept/)
  const replay = await runCli(['replay', '--data', data])
  expect(replay.stderr).toContain(`position ${victim?.position} is damaged`)
})

test('events that no release wrote, and decisions from nowhere, are found', async () => {
  const data = join(tempFolder(), 'data')
  const log = await openLmdbLog({ folder: join(data, 'log') })
  await decideInto(log, 2)
  const decisions = await collect(log.readStream('decisions-0'))
  const last = decisions.at(-1)
  const [complaint] = (await collect(log.readAll())).filter(({ type }) => type === 'ComplaintReceived')
  if (last === undefined || complaint === undefined) throw new Error('the day has none')
  const stray = { ...last, id: '00000000-0000-5000-8000-000000000001' }
  await log.append(
    'decisions-0',
    [{ ...stray, meta: { ...last.meta, causationId: 'nowhere', covers: 'elsewhere' } }],
    last.revision,
  )
  await log.append(
    'complaint-odd',
    [
      { ...complaint, id: '00000000-0000-5000-8000-000000000002', data: { complaintId: 7 } },
      { ...complaint, id: '00000000-0000-5000-8000-000000000003', type: 'Invented' },
    ],
    'no_stream',
  )
  await log.close()
  const { exitCode, stdout } = await runCli(['log', 'verify', '--data', data, '--json'])
  expect(exitCode).toBe(1)
  const report = JSON.parse(stdout) as { findings: { kind: string; what: string }[] }
  expect(report.findings.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
    expect.stringMatching(/^decision it follows from nowhere, which is no input before it/),
    expect.stringMatching(/^decision its batch covers elsewhere, which is no input before it/),
    expect.stringMatching(/^schema its \w+ is not/),
    expect.stringMatching(/^schema this version knows no event Invented/),
  ])
  const short = await runCli(['log', 'verify', '--data', data, '--limit', '1'])
  expect(short.stdout).toMatch(/and \d more \(--limit\)/)
})

test('backup beside a running server, restore elsewhere: the same events, sound, and a log of its own', async () => {
  const root = tempFolder()
  const data = join(root, 'data')
  const server = startCli(['serve', '--data', data, '--port', '0'])
  await until(() => server.stdout().includes('listens on'))
  const url = /http:\S+/.exec(server.stdout())?.[0]
  const post = (id: string) =>
    fetch(`${url}/v1/complaints`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, symptom: 'no-signal', place: { point: [113.3, 23.1] } }),
    })
  expect((await post('C1')).status).toBe(201)
  const backup = join(root, 'backup')
  expect(await runCli(['log', 'verify', '--data', data])).toMatchObject({ exitCode: 0 })
  const taken = await runCli(['log', 'backup', backup, '--data', data])
  expect(taken).toMatchObject({ exitCode: 0, stderr: '' })
  expect((await post('C2')).status).toBe(201)
  server.stop()
  expect(await server.done).toMatchObject({ exitCode: 0 })

  expect(readdirSync(backup).sort()).toEqual(['backup.json', 'log'])
  expect(readdirSync(join(backup, 'log'))).toEqual(['data.mdb'])
  expect(await runCli(['log', 'backup', backup, '--data', data])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/is not empty/) as string,
  })
  const restored = join(root, 'restored')
  const put = await runCli(['log', 'restore', backup, '--data', restored])
  expect(put).toMatchObject({ exitCode: 0, stderr: '' })
  const before = await logOf(data)
  const after = await logOf(restored)
  expect(after).toEqual(before.slice(0, after.length))
  expect(after.some(({ stream }) => stream === 'complaint-C1')).toBe(true)
  expect(after.some(({ stream }) => stream === 'complaint-C2')).toBe(false)

  const again = await runCli(['log', 'restore', backup, '--data', restored])
  expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/holds log, and/) as string })
  const byte = readFileSync(join(backup, 'log', 'data.mdb'))
  byte.writeUInt8(byte.readUInt8(byte.length - 100) ^ 1, byte.length - 100)
  writeFileSync(join(backup, 'log', 'data.mdb'), byte)
  const spoilt = await runCli(['log', 'restore', backup, '--data', join(root, 'other')])
  expect(spoilt.stderr).toMatch(/is not what it was when it was taken/)
  expect(existsSync(join(root, 'other', 'log'))).toBe(false)
})

test('copy: everything kept but nothing else, and only into the beginning of itself', async () => {
  const root = tempFolder()
  const [from, to, other] = [join(root, 'from'), join(root, 'to'), join(root, 'other')]
  await decidedDay(from, 3)
  await decidedDay(other, 4)
  const first = await runCli(['log', 'copy', '--from', from, '--to', to])
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(await logOf(to)).toEqual(await logOf(from))
  expect((await runCli(['log', 'copy', '--from', from, '--to', to])).stdout).toMatch(
    /^0 events copied, \d+ were there/,
  )
  const wrong = await runCli(['log', 'copy', '--from', from, '--to', other])
  expect(wrong).toMatchObject({ exitCode: 1 })
  expect(wrong.stderr).toMatch(/copy into an empty log/)
  expect(await runCli(['replay', '--data', to])).toMatchObject({ exitCode: 0 })
})

test('copy: out into EventStoreDB and back, and nothing has changed', async () => {
  const standIn = await startStandIn()
  onTestFinished(() => standIn.close())
  const root = tempFolder()
  const [from, back] = [join(root, 'from'), join(root, 'back')]
  const server = standIn.connectionString
  await decidedDay(from, 3)
  for (const way of [
    ['--from', from, '--to', server],
    ['--from', server, '--to', back],
  ]) {
    const { exitCode, stderr } = await runCli(['log', 'copy', ...way])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  }
  expect(await logOf(back)).toEqual(await logOf(from))
  expect((await runCli(['log', 'copy', '--from', from, '--to', server])).stdout).toMatch(/^0 events copied/)
})
