import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { until } from '../pipeline/until.ts'
import { runCli, startCli } from './run-cli.ts'

/*
 * A server's data folder, made through its HTTP API: one site that fails, three customers beside it, one far away without
 * a cause, and one who names no place. The commands then work on what it left.
 */

const phone = '13800138000'
const words = '家里完全没有信号，我叫王小明'
let folder: string
let data: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-test-'))
  data = join(folder, 'data')
  const server = startCli(['serve', '--data', data, '--port', '0'])
  await until(() => server.stdout().includes('listens on'))
  const url = /http:\S+/.exec(server.stdout())?.[0]
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(answer.status, await answer.clone().text()).toBe(201)
  }
  await post('elements', {
    source: 'nms',
    elementId: 'GZ-1001',
    kind: 'site',
    name: '白马花园',
    location: { point: [113.33, 23.14] },
    services: ['mobile'],
    coverage: { kind: 'radius', radiusMeters: 800 },
  })
  await post('alarms', {
    event: 'raised',
    source: 'nms',
    alarmId: '4711',
    elementId: 'GZ-1001',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    specificProblem: 'Site out of service',
    perceivedSeverity: 'CRITICAL',
  })
  const near = { place: { point: [113.331, 23.14] }, symptom: 'no-signal' }
  await post('complaints', { id: 'C1', customer: { phone, name: '王小明' }, text: words, ...near })
  await post('complaints', { id: 'C2', customer: { phone: '13900000002' }, ...near })
  await post('complaints', { id: 'C3', place: { point: [112.9, 22.9] }, symptom: 'slow-data' })
  await post('complaints', { id: '=C4', symptom: 'slow-data' })
  server.stop()
  expect(await server.done).toMatchObject({ exitCode: 0, stderr: '' })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function bytesOf(file: string): ArrayBuffer {
  return new Uint8Array(readFileSync(file)).buffer
}

/** The rows of a file, with moments as `instant`s and without what is null, as JSON lines are. */
async function readParquet(file: string): Promise<readonly object[]> {
  const rows = await parquetReadObjects({ file: bytesOf(file) })
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([name, value]: [string, unknown]) => {
        if (value === null || value === undefined) return []
        if (value instanceof Date) return [[name, value.toISOString()]]
        return [[name, typeof value === 'bigint' ? Number(value) : value]]
      }),
    ),
  )
}

const lines = (text: string) => text.trimEnd().split('\n')

describe('log', () => {
  test('info counts what there is', async () => {
    const { exitCode, stdout, stderr } = await runCli(['log', 'info', '--data', data, '--json'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      byType: { ComplaintReceived: 4, AlarmRaised: 1, ElementRegistered: 1 },
    })
  })

  test('cat prints NDJSON, goes on behind a position, and reads one stream from a revision', async () => {
    const { stdout } = await runCli(['log', 'cat', '--data', data])
    const all = lines(stdout)
    const { position } = JSON.parse(all[2] ?? '{}') as { position: string }
    const { stdout: rest } = await runCli(['log', 'cat', '--data', data, '--from', position, '--limit', '2'])
    expect(lines(rest)).toEqual(all.slice(3, 5))
    const { stdout: stream } = await runCli([
      'log',
      'cat',
      '--data',
      data,
      '--stream',
      'decisions-0',
      '--from',
      '1',
    ])
    expect(JSON.parse(lines(stream)[0] ?? '{}')).toMatchObject({ stream: 'decisions-0', revision: 1 })
    const wrong = await runCli(['log', 'cat', '--data', data, '--from', 'nowhere'])
    expect(wrong).toMatchObject({ exitCode: 2 })
    expect(wrong.stderr).toMatch(/is no position of this log/)
  })
})

describe('export', () => {
  test('events as NDJSON and CSV, in a file that appears whole', async () => {
    const out = join(folder, 'events.ndjson')
    expect(await runCli(['export', '--data', data, '--out', out])).toMatchObject({ exitCode: 0, stdout: '' })
    const events = lines(readFileSync(out, 'utf8')).map((line) => JSON.parse(line) as { type: string })
    expect(events.filter(({ type }) => type === 'ComplaintReceived')).toHaveLength(4)
    expect(existsSync(`${out}.part`)).toBe(false)
    const { stdout } = await runCli(['export', '--data', data, '--format', 'csv'])
    expect(stdout).toMatch(/^id,type,schemaVersion,stream,/)
    expect(lines(stdout)).toHaveLength(events.length + 1)
  })

  test('attributions hold one row a complaint; text that looks like a formula is defused', async () => {
    const { stdout } = await runCli(['export', '--data', data, '--what', 'attributions'])
    const rows = lines(stdout).map((line) => JSON.parse(line) as object)
    expect(rows).toHaveLength(4)
    expect(rows[0]).toMatchObject({
      complaintId: 'C1',
      verdict: 'explained',
      causeKind: 'alarm',
      lon: 113.331,
    })
    const csv = await runCli(['export', '--data', data, '--what', 'attributions', '--format', 'csv'])
    expect(csv.stdout).toContain("\n'=C4,")
  })

  test('unexplained complaints as GeoJSON; those without a place are told of', async () => {
    const { stdout, stderr } = await runCli(['export', '--data', data, '--what', 'unexplained'])
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'FeatureCollection',
      features: [{ id: 'C3', geometry: { type: 'Point', coordinates: [112.9, 22.9] } }],
    })
    expect(stderr).toBe('1 of 2 complaints have no place and are left out\n')
  })

  test('Parquet has typed columns and UTC timestamps, and holds what NDJSON holds', async () => {
    for (const what of ['complaints', 'attributions', 'outages']) {
      const out = join(folder, `${what}.parquet`)
      expect(
        await runCli(['export', '--data', data, '--what', what, '--format', 'parquet', '--out', out]),
      ).toMatchObject({ exitCode: 0, stderr: '' })
      const read = await readParquet(out)
      const { stdout } = await runCli(['export', '--data', data, '--what', what])
      expect(read).toEqual(lines(stdout).map((line) => JSON.parse(line) as object))
    }
    const { schema } = parquetMetadata(bytesOf(join(folder, 'complaints.parquet')))
    const typeOf = (name: string) => schema.find((column) => column.name === name)
    expect(typeOf('reportedAt')).toMatchObject({ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' })
    expect(typeOf('lon')).toMatchObject({ type: 'DOUBLE', repetition_type: 'OPTIONAL' })
    expect(typeOf('attributions')).toMatchObject({ type: 'INT64' })
    expect(typeOf('backfilled')).toMatchObject({ type: 'BOOLEAN' })
    expect(typeOf('symptom')).toMatchObject({ type: 'BYTE_ARRAY', converted_type: 'UTF8' })
  })

  test('complaints and outages as CSV, each with its columns', async () => {
    const complaints = await runCli(['export', '--data', data, '--what', 'complaints', '--format', 'csv'])
    expect(lines(complaints.stdout)).toHaveLength(5)
    expect(complaints.stdout).toMatch(/^complaintId,reportedAt,recordedAt,source,/)
    expect(complaints.stdout).toContain("\n'=C4,")
    const { stdout } = await runCli(['export', '--data', data, '--what', 'outages'])
    expect(lines(stdout).map((line) => JSON.parse(line) as object)).toMatchObject([
      { status: 'open', rootKind: 'alarm', services: 'mobile', complaints: 2, customers: 2 },
    ])
  })

  test('S1: no export and no print of the log holds personal data', async () => {
    const texts: string[] = []
    for (const args of [['export'], ['export', '--what', 'attributions'], ['log', 'cat']]) {
      texts.push((await runCli([...args, '--data', data])).stdout)
    }
    for (const what of ['complaints', 'outages']) {
      texts.push((await runCli(['export', '--what', what, '--data', data])).stdout)
      expect(texts.at(-1)).not.toContain('customerRef')
    }
    for (const text of texts)
      for (const secret of [phone, '王小明', words]) expect(text).not.toContain(secret)
  })

  test('says which file cannot be written', async () => {
    const { exitCode, stderr } = await runCli([
      'export',
      '--data',
      data,
      '--out',
      join(folder, 'no', 'such.csv'),
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/such\.csv cannot be written/)
  })
})

describe('replay', () => {
  test('E1: deciding everything again gives what is logged, byte for byte, with a rate', async () => {
    const { exitCode, stdout, stderr } = await runCli(['replay', '--data', data])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/events\/s/)
    expect(stdout).toMatch(
      /complaints +4 \(2 explained, 2 unexplained\)|complaints +4 \(2 unexplained, 2 explained\)/,
    )
    expect(stdout).toMatch(/decided again: all \d+ decisions are the same, byte for byte/)
  })

  test('other rules show which answers would differ', async () => {
    const rules = join(folder, 'rules.json')
    const strict = { ...defaultRuleset, version: 'strict', weights: { ...defaultRuleset.weights, none: 9 } }
    writeFileSync(rules, JSON.stringify(strict))
    const { stdout } = await runCli(['replay', '--data', data, '--rules', rules, '--json'])
    const report = JSON.parse(stdout) as { differences: { complaintId: string }[]; answersCompared: number }
    expect(report.answersCompared).toBe(4)
    expect(report.differences.map(({ complaintId }) => complaintId)).toEqual(['C1', 'C2'])
    const text = await runCli(['replay', '--data', data, '--rules', rules])
    expect(text.stdout).toContain('2 of 4 answers would differ')
  })

  test('rules as the log prints them change nothing; what is no ruleset is refused', async () => {
    const rules = join(folder, 'logged-rules.json')
    writeFileSync(rules, (await runCli(['log', 'cat', '--data', data, '--stream', 'rulesets'])).stdout)
    const same = await runCli(['replay', '--data', data, '--rules', rules])
    expect(same.stdout).toContain('0 of 4 answers would differ')
    writeFileSync(rules, '{"version": 1}')
    const wrong = await runCli(['replay', '--data', data, '--rules', rules])
    expect(wrong.exitCode).toBe(1)
    expect(wrong.stderr).toMatch(/are no ruleset: version /)
  })
})

describe('customer', () => {
  test('S1: find and erase by a number that no argument shows; every answer stays', async () => {
    const before = await runCli(['export', '--data', data, '--what', 'attributions'])
    const found = await runCli(['customer', 'find', '--data', data, '--phone-stdin', '--json'], {
      stdin: phone,
    })
    const { customerRef, complaints } = JSON.parse(found.stdout) as {
      customerRef: string
      complaints: { complaintId: string }[]
    }
    expect(complaints.map(({ complaintId }) => complaintId)).toEqual(['C1'])
    expect(found.stdout).not.toContain(phone)

    const unasked = await runCli(['customer', 'erase', '--data', data, '--ref', customerRef])
    expect(unasked).toMatchObject({ exitCode: 1, stderr: 'causeway: nobody can be asked here: add --yes\n' })
    const refused = await runCli(['customer', 'erase', '--data', data, '--ref', customerRef], {
      stdin: 'n\n',
      isTTY: true,
    })
    expect(refused.stderr).toContain('not confirmed; nothing was erased')

    const erased = await runCli(['customer', 'erase', '--data', data, '--phone-stdin', '--yes'], {
      stdin: `${phone}\n`,
    })
    expect(erased).toMatchObject({ exitCode: 0 })
    expect(erased.stdout).toMatch(/^erased: .* of 1 complaint can /)
    const again = await runCli(['customer', 'erase', '--data', data, '--ref', customerRef, '--yes'])
    expect(again.stdout).toMatch(/nothing was erased/)
    const after = await runCli(['export', '--data', data, '--what', 'attributions'])
    expect(after.stdout).toBe(before.stdout)

    const events = (await runCli(['export', '--data', data])).stdout.trim().split('\n')
    const erasures = events.filter((line) => line.includes('"PersonalDataErased"'))
    expect(erasures.map((line) => JSON.parse(line) as object)).toMatchObject([
      { data: { customerRef, complaints: 1 }, meta: { actor: expect.stringMatching(/^cli/) as string } },
    ])
    expect(erasures.join()).not.toContain(phone)
  })
})
