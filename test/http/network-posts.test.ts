import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
beforeEach(async () => (started = await startApp({ at: '2026-03-01T08:00:00.000Z' })))
afterEach(() => started.stop())

const point = [113.33, 23.14]
const element = (elementId: string, more: object = {}) =>
  started.send('POST', '/v1/elements', {
    elementId,
    kind: 'site',
    name: elementId,
    location: { point },
    ...more,
  })

describe('works', () => {
  const plan = {
    cutoverId: 'CO-1',
    title: 'Swap',
    elementIds: ['S-1'],
    plannedStart: '2026-03-02T00:00:00+08:00',
    plannedEnd: '2026-03-02T02:00:00+08:00',
  }

  test('go from plan to end; what cannot be is 404 or 409, what is so already 200', async () => {
    const post = async (verb: string, payload: object = {}) =>
      (await started.send('POST', `/v1/cutovers/${verb}`, payload)).status
    expect(await post('CO-1/start')).toBe(404)
    expect((await started.send('POST', '/v1/cutovers', plan)).status).toBe(201)
    expect((await started.send('POST', '/v1/cutovers', plan)).body).toMatchObject({ outcome: 'duplicate' })
    const { plannedStart, plannedEnd } = plan
    expect(await post('CO-1/reschedule', { plannedStart: plannedEnd, plannedEnd: plannedStart })).toBe(400)
    expect(await post('CO-1/reschedule', { plannedStart, plannedEnd: '2026-03-02T05:00:00+08:00' })).toBe(201)
    expect(await post('CO-1/start')).toBe(201)
    expect(await post('CO-1/start', { occurredAt: '2026-03-01T07:59:00Z' })).toBe(200)
    expect(await post('CO-1/estimate', { expectedEnd: '2026-03-02T06:00:00+08:00' })).toBe(201)
    expect(await post('CO-1/finish')).toBe(201)
    expect(await post('CO-1/cancel')).toBe(409)
    const cutover = await started.send('GET', '/v1/cutovers/CO-1')
    expect(cutover.body).toMatchObject({ status: 'finished', rescheduled: 1 })
  })

  test('of two who act at once the second is judged on what the first did', async () => {
    await started.send('POST', '/v1/cutovers', plan)
    const outcomes = await Promise.all([
      started.send('POST', '/v1/cutovers/CO-1/cancel', { reason: 'rain' }),
      started.send('POST', '/v1/cutovers/CO-1/finish'),
    ])
    expect(outcomes.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
  })
})

describe('the inventory', () => {
  test('is a graph with alarm state, and its sites are places', async () => {
    await element('BSC-1', { kind: 'aggregation', location: undefined })
    await element('S-1', { name: '白马花园', parent: 'BSC-1' })
    await started.send('POST', '/v1/links', { elementId: 'S-1', dependsOn: 'UPS-1', relation: 'powers' })
    await started.send('POST', '/v1/alarms', {
      event: 'raised',
      source: 'nms',
      alarmId: 'A-1',
      elementId: 'S-1',
      probableCause: 'outOfService',
    })
    const box = await started.send('GET', '/v1/elements?box=113,23,114,24')
    expect(box.body).toMatchObject({ items: [{ elementId: 'S-1', alarmed: true, inCutover: false }] })
    const one = await started.send('GET', '/v1/elements/S-1')
    expect(one.body).toMatchObject({
      dependsOn: [{ dependsOn: 'UPS-1' }],
      state: { active: [{ alarmId: 'A-1' }] },
    })
    const influence = await started.send('GET', '/v1/elements/BSC-1/influence')
    expect(influence.body).toMatchObject({ elements: 2, complete: true })
    const place = await started.send<{ items: { name: string }[] }>(
      'GET',
      `/v1/places?q=${encodeURIComponent('bmhy')}`,
    )
    expect(place.body.items[0]?.name).toBe('白马花园')
    expect((await started.send('DELETE', '/v1/links/S-1/powers/UPS-1')).status).toBe(201)
    expect(
      (await started.send('POST', '/v1/elements/S-1/change', { set: { name: '白马花园二期' } })).status,
    ).toBe(201)
    expect((await started.send('POST', '/v1/elements/none/retire')).status).toBe(404)
  })

  test('an alarm of a kind that no rule knows is listed, one on an unknown element too', async () => {
    await started.send('POST', '/v1/alarms', {
      event: 'raised',
      source: 'nms',
      alarmId: 'A-1',
      elementId: 'GHOST',
      probableCause: 'flux capacitor drift',
    })
    const kinds = await started.send('GET', '/v1/unmapped-alarms')
    expect(kinds.body).toMatchObject({ items: [{ probableCause: 'flux capacitor drift' }] })
    const ghosts = await started.send('GET', '/v1/unknown-elements')
    expect(ghosts.body).toMatchObject({ items: [{ elementId: 'GHOST' }] })
  })
})

describe('gaps and advisories', () => {
  test('are reported, changed, closed, found in an area and as places', async () => {
    const gap = {
      gapId: 'G-1',
      kind: 'blind-spot',
      name: '地下车库盲区',
      area: { kind: 'circle', center: point, radiusMeters: 200 },
      reason: { kind: 'owner-refuses' },
    }
    expect((await started.send('POST', '/v1/gaps', gap)).status).toBe(201)
    expect((await started.send('POST', '/v1/gaps', { ...gap, kind: 'weak-signal' })).status).toBe(409)
    const near = await started.send('GET', `/v1/causes?near=${point.join(',')}`)
    expect(near.body).toMatchObject({ items: [{ cause: { kind: 'gap', id: 'G-1' }, state: 'standing' }] })
    const published = await started.send('POST', '/v1/advisories', {
      advisoryId: 'I-1',
      advisoryType: '光缆中断',
      title: 'Fibre cut',
      elementIds: ['S-1'],
      outage: { expectedEnd: '2026-03-01T10:00:00Z' },
    })
    expect(published.status).toBe(201)
    expect((await started.send('POST', '/v1/advisories/I-1/withdraw')).status).toBe(201)
    expect((await started.send('POST', '/v1/gaps/G-1/close')).status).toBe(201)
    expect((await started.send('GET', '/v1/gaps')).body).toMatchObject({ items: [] })
  })
})

describe('rulesets', () => {
  test('are validated whole, versioned, and in force from their activation on', async () => {
    const rules = {
      ...defaultRuleset,
      version: 'strict-1',
      bands: { sayProbability: 0.95, askProbability: 0.5 },
    }
    expect((await started.send('POST', '/v1/rulesets', rules)).status).toBe(201)
    await started.settle()
    expect(started.services.correlator.ruleset()?.version).toBe('strict-1')
    expect((await started.send('GET', '/v1/rulesets/active')).body).toMatchObject({
      ruleset: { version: 'strict-1' },
    })
    const other = { ...rules, bands: { sayProbability: 0.9, askProbability: 0.5 } }
    expect((await started.send('POST', '/v1/rulesets', other)).status).toBe(409)
    const torn = { ...rules, version: 'torn', bands: { sayProbability: 0.3, askProbability: 0.5 } }
    const refused = await started.send('POST', '/v1/rulesets', torn)
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/bands/askProbability' }] } })
  })

  test('the default ruleset contradicts itself nowhere', async () => {
    const again = await started.send('POST', '/v1/rulesets', { ...defaultRuleset, version: 'default-again' })
    expect(again.status, JSON.stringify(again.body)).toBe(201)
  })
})

test('a gazetteer is taken as CSV, wrong rows by number, and its places are found', async () => {
  const send = (payload: string) =>
    started.app.inject({
      method: 'POST',
      url: '/v1/places',
      headers: { 'content-type': 'text/csv' },
      payload,
    })
  const csv =
    'name,lon,lat,kind,aliases\n天河直街,113.3,23.1,street,Tianhe Straight Street\nX,999,2,,\na,"b\n'
  expect((await send(csv)).json()).toMatchObject({
    received: 3,
    taken: 1,
    refused: 2,
    refusedRows: [{ row: 1 }, { row: 2 }],
  })
  for (const said of ['天河植街', 'thzj', 'Tianhe Strait Street']) {
    const { body } = await started.send<{ items: { name: string }[] }>(
      'GET',
      `/v1/places?q=${encodeURIComponent(said)}`,
    )
    expect(body.items[0]?.name, said).toBe('天河直街')
  }
  expect((await send('')).statusCode).toBe(400)
})
