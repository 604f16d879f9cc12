import { parse } from 'csv-parse/sync'
import { afterEach, expect, test } from 'vitest'
import { auditEntries, auditProjection } from '../../projections/audit.ts'
import { knownAsOf } from '../../projections/moment.ts'
import { readStored } from '../../schemas/read-stored.ts'
import { configSchema } from '../../src/config/config.ts'
import { startApp, type Sent, type StartedApp } from './start-app.ts'

/* An agent looks at a customer's number; an administrator finds out who looked, when and at what, and takes it along. */

let city: StartedApp
afterEach(() => city.stop())

const keyOf = (name: string) => `key-of-${name}-0123456789`
const { apiKeys } = configSchema.parse({
  apiKeys: [
    { name: 'li.na', key: keyOf('li.na'), roles: ['agent'], personalData: true },
    { name: 'wang', key: keyOf('wang'), roles: ['agent', 'operations', 'analyst'] },
    { name: 'zhao', key: keyOf('zhao'), roles: ['administrator'] },
  ],
})
const phone = '13800138000'

interface Entry {
  readonly actor: string
  readonly type: string
  readonly at: string
  readonly about: readonly { readonly kind: string; readonly id: string }[]
  readonly details?: Readonly<Record<string, unknown>>
}
type Page = { readonly items: readonly Entry[]; readonly next?: string }

async function as<Body = Readonly<Record<string, unknown>>>(
  name: string,
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
): Promise<Sent<Body>> {
  const sent = await city.send<Body>(method, url, payload, { 'x-api-key': keyOf(name) })
  await city.settle()
  return sent
}

async function audit(query: string): Promise<readonly Entry[]> {
  const { status, body } = await as<Page>('zhao', 'GET', `/v1/audit?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.items
}

async function startStory() {
  city = await startApp({ at: '2026-03-01T08:00:00.000Z', config: { apiKeys } })
  const sent = { id: 'C-1', text: '没有信号', customer: { phone }, place: { point: [113.3, 23.1] } }
  expect((await as('wang', 'POST', '/v1/complaints', sent)).status).toBe(201)
  await city.goTo('2026-03-01T08:10:00.000Z')
  const look = await as('li.na', 'GET', '/v1/complaints/C-1/personal')
  expect(look.body).toMatchObject({ masked: false, fields: { phone } })
  await city.goTo('2026-03-01T08:20:00.000Z')
  // What is masked gives nobody away.
  expect((await as('wang', 'GET', '/v1/complaints/C-1/personal')).body).toMatchObject({ masked: true })
  await as('wang', 'POST', '/v1/complaints/C-1/note', { text: 'call again' })
}

test('who looked at a customer’s number, when and at what, is found by thing, by person, by kind and by time', async () => {
  await startStory()
  const look = {
    actor: 'li.na',
    type: 'PersonalDataSeen',
    at: '2026-03-01T08:10:00.000Z',
    about: [{ kind: 'complaint', id: 'C-1' }],
    details: { fields: ['phone', 'text'], route: '/v1/complaints/:complaintId/personal' },
  }
  const note = { actor: 'wang', type: 'NoteAdded', about: [{ kind: 'complaint', id: 'C-1' }] }
  expect(await audit('about=complaint:C-1')).toMatchObject([note, look])
  expect(await audit('actor=li.na')).toMatchObject([look])
  expect(await audit('type=PersonalDataSeen')).toMatchObject([look])
  expect(await audit('about=complaint:C-1&type=PersonalDataSeen&actor=wang')).toEqual([])
  expect(await audit('actor=wang')).toMatchObject([note, { type: 'ComplaintReceived' }])
  expect(await audit('from=2026-03-01T08:10:00Z&to=2026-03-01T08:10:00Z')).toMatchObject([look])
  expect(await audit('from=2026-03-01T08:10:00.001Z&about=complaint:C-1')).toMatchObject([note])
  expect(await audit('to=2026-03-01T08:09:59.999Z&about=complaint:C-1')).toEqual([])
})

test('is read page by page, as of any moment, and whoever reads it is in it', async () => {
  await startStory()
  await audit('limit=1')
  const all = await audit('type=DataExported')
  expect(all).toMatchObject([
    { actor: 'zhao', details: { what: 'audit', route: '/v1/audit', format: 'json', rows: 1 } },
  ])
  const first = (await as<Page>('zhao', 'GET', '/v1/audit?about=complaint:C-1&limit=1')).body
  expect(first.items).toMatchObject([{ type: 'NoteAdded' }])
  const second = (await as<Page>('zhao', 'GET', `/v1/audit?about=complaint:C-1&limit=1&cursor=${first.next}`))
    .body
  expect(second.items).toMatchObject([{ type: 'PersonalDataSeen' }])
  expect(await audit('about=complaint:C-1&asOf=2026-03-01T08:15:00Z')).toMatchObject([
    { type: 'PersonalDataSeen' },
  ])
  expect(await audit('about=complaint:C-1&asOf=2026-03-01T08:05:00Z')).toEqual([])
})

test('is taken along as CSV and NDJSON, by an administrator alone, and holds nothing of the customer', async () => {
  await startStory()
  const csv = await as<string>('zhao', 'GET', '/v1/audit.csv?type=PersonalDataSeen')
  expect(csv.headers['content-type']).toContain('text/csv')
  const lines: Record<string, string>[] = parse(csv.body, { columns: true })
  expect(lines).toMatchObject([
    { at: '2026-03-01T08:10:00.000Z', actor: 'li.na', type: 'PersonalDataSeen', about: 'complaint:C-1' },
  ])
  await as('wang', 'GET', '/v1/export/complaints?from=2026-03-01&to=2026-03-01')
  expect(await audit('type=DataExported&actor=wang')).toMatchObject([
    { details: { what: 'complaints', format: 'csv', from: '2026-03-01', to: '2026-03-01' } },
  ])
  const ndjson = await as<string>('zhao', 'GET', '/v1/audit.csv?format=ndjson')
  const entries = ndjson.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
  expect(entries.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['PersonalDataSeen', 'NoteAdded', 'DataExported']),
  )
  expect(csv.body + ndjson.body).not.toMatch(/13800138000|没有信号/)
  for (const name of ['li.na', 'wang']) {
    for (const path of ['audit', 'audit.csv']) expect((await as(name, 'GET', `/v1/${path}`)).status).toBe(403)
  }
  const refusals = await audit('type=AccessRefused')
  expect(refusals.map(({ actor, details }) => `${actor} ${String(details?.['route'])}`).sort()).toEqual([
    'li.na /v1/audit',
    'li.na /v1/audit.csv',
    'wang /v1/audit',
    'wang /v1/audit.csv',
  ])
  const unlisted = await as('zhao', 'GET', '/v1/audit?type=ComplaintReceived')
  expect(unlisted).toMatchObject({ status: 400, body: { errors: [{ pointer: '/actor' }] } })
})

test('whose data somebody was refused is known, and what else they wrote into the address is not kept', async () => {
  await startStory()
  for (const id of ['C-1', phone]) {
    expect((await as('zhao', 'GET', `/v1/complaints/${id}/personal`)).status).toBe(403)
  }
  const route = '/v1/complaints/:complaintId/personal'
  const refusal = { actor: 'zhao', type: 'AccessRefused', details: { reason: 'role', route } }
  expect(await audit('about=complaint:C-1&type=AccessRefused')).toMatchObject([refusal])
  const all = await audit('type=AccessRefused')
  expect(all.map(({ about }) => about)).toEqual(
    expect.arrayContaining([[{ kind: 'complaint', id: 'C-1' }], []]),
  )
  expect(JSON.stringify(all)).not.toContain(phone)
  const dispatched = await as('wang', 'POST', '/v1/complaints/C-1/dispatch', { to: 'desk 2', note: phone })
  expect(dispatched.status).toBeLessThan(300)
  const csv = await as<string>('zhao', 'GET', '/v1/audit.csv?type=ComplaintDispatched')
  const [line]: Record<string, string>[] = parse(csv.body, { columns: true })
  expect(line?.['details']).toBe('{"to":"desk 2"}')
})

test('S1: no event of it holds what was seen', async () => {
  await startStory()
  await as('li.na', 'GET', '/v1/callbacks.csv')
  const texts: string[] = []
  for await (const batch of city.services.log.readAll()) {
    for (const event of batch) {
      expect(readStored(event).kind).toBe('readable')
      texts.push(JSON.stringify(event))
    }
  }
  expect(texts.join('\n')).not.toContain(phone)
})

test('P1: made again from the log, its rows are the same, now and as of a moment', async () => {
  await startStory()
  const { rows, projector } = city.services
  const asOf = (moment: string) => {
    const known = knownAsOf(rows, moment)
    return known.kind === 'known' ? auditEntries(known.rows, {}, { limit: 100 }).items : []
  }
  const moments = ['2026-03-01T08:05:00.000Z', '2026-03-01T08:15:00.000Z', '2026-03-01T09:00:00.000Z']
  const before = moments.map(asOf)
  expect(before.map((entries) => entries.map(({ type }) => type))).toEqual([
    ['RulesetActivated'],
    ['PersonalDataSeen', 'RulesetActivated'],
    ['NoteAdded', 'PersonalDataSeen', 'RulesetActivated'],
  ])
  const start = projector.rebuilds.start(auditProjection.name)
  expect(start.kind === 'started' && (await start.finished).kind).toBe('done')
  expect(moments.map(asOf)).toEqual(before)
})
