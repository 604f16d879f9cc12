import { afterEach, expect, test } from 'vitest'
import { startApp, type StartedApp } from './start-app.ts'

/* A site is out for two hours; the CRM reports customers without traffic. */

let city: StartedApp
afterEach(() => city.stop())

const site = [113.33, 23.14] as const

async function post(url: string, payload: object): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await city.send('POST', url, payload)
  expect(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
  return body
}

const alarm = (event: 'raised' | 'cleared', more: object = {}) =>
  post('/v1/alarms', { event, source: 'nms', alarmId: 'A-1', ...more })

test('a silent customer is listed as possible only where the outage covers most of the silence', async () => {
  city = await startApp({ at: '2026-03-01T01:00:00.000Z' })
  const element = { source: 'nms', services: ['mobile'], location: { point: site } }
  const coverage = { kind: 'radius', radiusMeters: 900 }
  await post('/v1/elements', { ...element, elementId: 'S-1', kind: 'site', name: '白马花园', coverage })
  await post('/v1/elements', {
    ...element,
    elementId: 'S-1-1',
    kind: 'cell',
    name: '白马花园-1',
    parent: 'S-1',
    coverage,
  })
  await alarm('raised', {
    elementId: 'S-1',
    alarmType: 'COMMUNICATIONS_ALARM',
    probableCause: 'outOfService',
    perceivedSeverity: 'CRITICAL',
  })
  await city.goTo('2026-03-01T01:10:00.000Z')
  const complaint = await post('/v1/complaints', {
    id: 'T-1',
    customer: { phone: '13800000009' },
    symptom: 'no-signal',
    service: 'mobile',
    trouble: { from: '2026-03-01T01:05:00Z' },
    place: { point: site },
  })
  await city.goTo('2026-03-01T03:00:00.000Z')
  await alarm('cleared')
  await city.goTo('2026-03-01T03:20:00.000Z')

  const [here, elsewhere] = [{ location: { point: site } }, { location: { point: [113.5, 23.3] } }]
  const customers = [
    { account: 'served', silentSince: '2026-03-01T01:00:00Z', servedBy: 'S-1-1' },
    { account: 'near', silentSince: '2026-03-01T00:30:00Z', ...here },
    { account: 'away', silentSince: '2026-02-26T00:00:00Z', ...here },
    { account: 'after', silentSince: '2026-03-01T02:45:00Z', ...here },
    { account: 'far', silentSince: '2026-03-01T01:00:00Z', ...elsewhere },
    { account: 'nowhere', silentSince: '2026-03-01T01:00:00Z' },
    // Who has complained is known already.
    { phone: '13800000009', silentSince: '2026-03-01T01:00:00Z', ...here },
  ]
  await post('/v1/silent-customers', { reportId: 'R-1', source: 'crm', customers })
  await city.settle()
  const url = `/v1/outages/${String(complaint['outageId'])}/silent`
  const first = await city.send<{ items: object[] }>('GET', url)
  const ref = (raw: string) => city.services.vault.customerRef(raw)
  const outage = { from: '2026-03-01T01:00:00.000Z', to: '2026-03-01T03:00:00.000Z' }
  expect(first.body.items).toMatchObject([
    {
      customerRef: ref('served'),
      likelihood: 'possible',
      share: 0.857,
      why: { by: 'served-by', elementId: 'S-1-1', coveredMs: 7_200_000, silentMs: 8_400_000, outage },
    },
    { customerRef: ref('near'), likelihood: 'possible', share: 0.706, why: { by: 'place' } },
  ])
  // Page by page, and of before the report, nobody.
  const page = await city.send<{ items: object[]; next: string }>('GET', `${url}?limit=1`)
  const second = await city.send<{ items: object[] }>('GET', `${url}?limit=1&cursor=${page.body.next}`)
  expect([...page.body.items, ...second.body.items]).toEqual(first.body.items)
  expect(second.body).not.toHaveProperty('next')
  expect((await city.send('GET', `${url}?asOf=2026-03-01T03:10:00Z`)).body).toMatchObject({ items: [] })

  // Silent for a day more, long after the site came back: the outage covers the lesser part.
  await city.goTo('2026-03-02T03:20:00.000Z')
  await post('/v1/silent-customers', { reportId: 'R-2', source: 'crm', customers: customers.slice(0, 2) })
  await city.settle()
  expect((await city.send('GET', url)).body).toMatchObject({ items: [] })
})
