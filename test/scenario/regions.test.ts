import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerFeed } from '../../schemas/answer-feed.ts'
import { east, startTwoRegions, west, type Json, type TwoRegions, type Who } from './two-regions.ts'

/*
 * A city of two regions: a site of each fails, and so does a controller that serves both. Neither sees nor touches what is the
 * other's; of what they share each sees its own part.
 */

let story: TwoRegions
let westOutage = ''
let eastOutage = ''
let sharedOutage = ''

const near = (point: readonly [number, number], number: number): [number, number] => [
  point[0] + number * 0.0003,
  point[1],
]
const outageOf = (answer: Json): string => String(answer['outageId'])

beforeAll(async () => {
  story = await startTwoRegions()
  const { site, alarm, call, post, city } = story
  await post('everywhere', '/v1/elements', {
    source: 'nms',
    elementId: 'BSC',
    kind: 'aggregation',
    name: 'BSC',
  })
  await site('W-1', west)
  await site('E-1', east)
  await site('W-2', [113.2, 23.3], { parent: 'BSC' })
  await site('E-2', [114.2, 23.3], { parent: 'BSC' })
  await alarm('A-W1', 'W-1')
  await alarm('A-E1', 'E-1')
  await alarm('A-BSC', 'BSC')
  for (const id of ['W-2', 'E-2']) await alarm(`A-${id}`, id)
  westOutage = outageOf(await call('agent-west', 'W-101', near(west, 0)))
  await call('agent-west', 'W-102', near(west, 1))
  eastOutage = outageOf(await call('agent-east', 'E-201', near(east, 0)))
  for (let number = 0; number < 3; number += 1) {
    await call('agent-east', `E-21${number}`, near(east, number))
  }
  sharedOutage = outageOf(await call('agent-west', 'W-301', [113.2, 23.3]))
  await call('agent-west', 'W-302', [113.2003, 23.3])
  for (let number = 0; number < 5; number += 1) {
    await call('agent-east', `E-31${number}`, near([114.2, 23.3], number))
  }
  await city.goTo('2026-03-01T02:10:00.000Z')
}, 60_000)
afterAll(() => story.city.stop())

describe('a caller of one region', () => {
  test('sees in lists what is of theirs, and nobody what is not', async () => {
    const idsOf = async (who: Who, url: string, name: string) =>
      (await story.list(who, url)).map((row) => String(row[name])).sort()
    const complaints = (who: Who) => idsOf(who, '/v1/complaints?day=2026-03-01', 'complaintId')
    expect(await complaints('agent-west')).toEqual(['W-101', 'W-102', 'W-301', 'W-302'])
    expect((await complaints('ops-east')).every((id) => id.startsWith('E-'))).toBe(true)
    expect(await complaints('everywhere')).toHaveLength(13)
    expect(await idsOf('ops-west', '/v1/outages', 'outageId')).toEqual([westOutage, sharedOutage].sort())
    expect(await idsOf('ops-east', '/v1/noc', 'id')).toEqual([eastOutage, sharedOutage].sort())
    expect(await idsOf('ops-west', '/v1/elements?box=112,22,115,24', 'elementId')).toEqual(['W-1', 'W-2'])
    expect(await idsOf('ops-west', '/v1/alarms', 'alarmId')).toEqual(['A-BSC', 'A-W-2', 'A-W1'])
  })

  test('gets the 404 of what is not there for what is not theirs', async () => {
    for (const [path, theirs, nobodys] of [
      ['/v1/outages/', eastOutage, 'OUT-000000000000'],
      ['/v1/complaints/', 'E-201', 'X'],
      ['/v1/elements/', 'E-1', 'X'],
      ['/v1/alarms/nms/', 'A-E1', 'X'],
    ] as const) {
      const there = await story.send('ops-west', 'GET', `${path}${theirs}`)
      const absent = await story.send('ops-west', 'GET', `${path}${nobodys}`)
      expect(there.status, path).toBe(404)
      expect(String(there.body['detail']).replace(theirs, nobodys)).toBe(absent.body['detail'])
    }
  })

  test('can touch nothing of the other, and all of their own', async () => {
    const acts = (outageId: string, complaintId: string, elementId: string) =>
      [
        [`/v1/outages/${outageId}/acknowledge`, {}],
        [`/v1/outages/${outageId}/estimate`, { expectedEnd: '2026-03-01T06:00:00Z' }],
        [`/v1/complaints/${complaintId}/note`, { text: 'x' }],
        [`/v1/complaints/${complaintId}/amend`, { stillOut: 'no' }],
        [`/v1/complaints/${complaintId}/reply`, { words: 'x', language: 'en' }],
        [`/v1/elements/${elementId}/note`, { text: 'x' }],
        ['/v1/orders', { about: { kind: 'outage', id: outageId } }],
      ] as const
    for (const [url, body] of acts(eastOutage, 'E-201', 'E-1')) {
      expect((await story.send('ops-west', 'POST', url, body)).status, url).toBe(404)
    }
    for (const [url, body] of acts(westOutage, 'W-101', 'W-1')) {
      const { status, body: told } = await story.send('ops-west', 'POST', url, body)
      expect(status, `${url} ${JSON.stringify(told)}`).toBe(201)
    }
  })
})

describe('an outage of both', () => {
  test('shows each its own part, with counts that tell nothing of the other', async () => {
    const whole = await story.get('everywhere', `/v1/outages/${sharedOutage}`)
    expect(whole).toMatchObject({ complaints: 7, customers: 7, subscribers: 200 })
    const part = await story.get('ops-west', `/v1/outages/${sharedOutage}`)
    expect(part).toMatchObject({ complaints: 2, customers: 2, title: whole['title'] })
    expect(part['subscribers']).toBeUndefined()
    const box = part['box'] as number[]
    expect(box[2]).toBeLessThanOrEqual(113.5)
    const members = async (who: Who, kind: string) =>
      story.list(who, `/v1/outages/${sharedOutage}/members?kind=${kind}`)
    const callers = (await members('ops-west', 'complaints')).map(({ complaintId }) => complaintId)
    expect(callers).toEqual(['W-301', 'W-302'])
    expect((await members('ops-west', 'elements')).map(({ elementId }) => elementId)).toEqual(
      expect.arrayContaining(['W-2']),
    )
    expect(JSON.stringify(await members('ops-west', 'elements'))).not.toContain('E-2')
    expect(JSON.stringify(await story.list('ops-west', `/v1/outages/${sharedOutage}/story`))).not.toMatch(
      /E-\d/,
    )
  })

  test('is explained to each by its whole chain, and acted on by who has all of it', async () => {
    const answer = await story.get('agent-west', '/v1/complaints/W-301')
    expect(answer).toMatchObject({ verdict: 'explained', outageId: sharedOutage, similar: 1 })
    expect(JSON.stringify(answer['chain'])).toContain('A-BSC')
    const url = `/v1/outages/${sharedOutage}/estimate`
    const body = { expectedEnd: '2026-03-01T05:00:00Z' }
    const refused = await story.send('ops-west', 'POST', url, body)
    expect(refused.status).toBe(403)
    expect(refused.body['detail']).toContain('works for west')
    await story.post('ops-west', `/v1/outages/${sharedOutage}/note`, { text: 'power is back in the west' })
    await story.post('everywhere', url, body)
    expect(await story.get('agent-west', '/v1/complaints/W-301')).toMatchObject({
      expectedEnd: '2026-03-01T05:00:00.000Z',
    })
  })
})

test('whose things were asked for in vain is in the audit log', async () => {
  const { send, post, list, city } = story
  const refusals = async (kind: string, id: string) =>
    (await list('everywhere', `/v1/audit?type=AccessRefused&about=${kind}:${id}`)).map(
      ({ actor, details }) => [actor, (details as Json)['route']],
    )
  expect((await send('ops-east', 'GET', '/v1/complaints/W-101/personal')).status).toBe(404)
  expect((await send('ops-east', 'POST', `/v1/outages/${westOutage}/acknowledge`)).status).toBe(404)
  expect((await send('ops-east', 'POST', `/v1/outages/${sharedOutage}/acknowledge`)).status).toBe(403)
  const { eventId } = await post('ops-west', '/v1/complaints/W-101/note', { text: 'x' })
  await city.settle()
  expect((await send('ops-east', 'POST', `/v1/acts/${String(eventId)}/undo`)).status).toBe(404)
  await city.settle()
  expect(await refusals('complaint', 'W-101')).toContainEqual([
    'ops-east',
    '/v1/complaints/:complaintId/personal',
  ])
  for (const id of [westOutage, sharedOutage]) {
    expect(await refusals('outage', id)).toContainEqual(['ops-east', '/v1/outages/:outageId/acknowledge'])
  }
  expect(await refusals('act', String(eventId))).toEqual([['ops-east', '/v1/acts/:eventId/undo']])
})

test('sources tell how current they are, and not how much came from everywhere', async () => {
  await story.post('everywhere', '/v1/feeds/nms/pulls', {
    puller: 'alarms',
    kind: 'alarms',
    startedAt: '2026-03-01T02:10:00Z',
    tookMs: 12,
    rows: 3,
    items: 2,
    refused: 1,
    status: 'failed',
    error: 'line 3: W-1',
  })
  const feedOf = async (who: Who) =>
    (await story.list(who, '/v1/feeds')).find(({ source }) => source === 'nms') ?? {}
  const [all, own] = [await feedOf('everywhere'), await feedOf('ops-west')]
  expect(answerFeed.safeParse(own).error).toBeUndefined()
  const { counts, refused, unmapped, pulls, ...current } = all
  expect([counts, refused, unmapped].every((each) => each !== undefined)).toBe(true)
  expect(current).toHaveProperty('newest.recordedAt')
  expect(pulls).toMatchObject([{ rows: 3, items: 2, refused: 1, error: 'line 3: W-1' }])
  expect(own).toEqual({
    ...current,
    pulls: own['pulls'],
  })
  expect((own['pulls'] as readonly Json[])[0]).toMatchObject({ status: 'failed', failedInARow: 1 })
  expect(JSON.stringify(own['pulls'])).not.toMatch(/rows|items|refused|error/)
})

test('a complaint whose place is corrected goes to the region where it was, and is as of then where it was thought to be', async () => {
  await story.call('everywhere', 'C-401', near(east, 9))
  await story.city.goTo('2026-03-01T02:11:00.000Z')
  await story.post('everywhere', '/v1/complaints/C-401/amend', { place: { point: near(west, 9) } })
  await story.city.goTo('2026-03-01T02:12:00.000Z')
  const statusFor = async (who: Who, query = '') =>
    (await story.send(who, 'GET', `/v1/complaints/C-401${query}`)).status
  expect([await statusFor('ops-west'), await statusFor('ops-east')]).toEqual([200, 404])
  const then = '?asOf=2026-03-01T02:10:30Z'
  expect([await statusFor('ops-west', then), await statusFor('ops-east', then)]).toEqual([404, 200])
  const eastThen = await story.list('ops-east', `/v1/complaints${then}&day=2026-03-01`)
  expect(eastThen.map(({ complaintId }) => complaintId)).toContain('C-401')
  await story.post('everywhere', '/v1/complaints/C-401/withdraw', {})
  await story.city.settle()
})

test('an agent takes the call about a place in another region, sees it afterwards, and so do those of that region', async () => {
  await story.call('agent-west', 'W-901', near(east, 7))
  await story.post('agent-west', '/v1/complaints/W-901/reply', { words: 'we look into it', language: 'en' })
  await story.city.settle()
  expect(await story.get('agent-west', '/v1/complaints/W-901')).toMatchObject({ outageId: eastOutage })
  expect((await story.send('ops-west', 'GET', '/v1/complaints/W-901')).status).toBe(404)
  expect((await story.send('ops-east', 'GET', '/v1/complaints/W-901')).status).toBe(200)
  // Of the outage that explains it they see their own caller and no more.
  expect(await story.get('agent-west', `/v1/outages/${eastOutage}`)).toMatchObject({ complaints: 1 })
  // One without a place is theirs, and of whoever works for the whole network.
  await story.call('agent-west', 'W-902', undefined)
  await story.city.settle()
  for (const [who, status] of [
    ['agent-west', 200],
    ['agent-east', 404],
    ['ops-west', 404],
    ['everywhere', 200],
  ] as const) {
    expect((await story.send(who, 'GET', '/v1/complaints/W-902')).status, who).toBe(status)
  }
})

test('a complaint’s id that is taken elsewhere tells nothing of that complaint', async () => {
  const { status, body } = await story.send('agent-west', 'POST', '/v1/complaints', {
    id: 'E-201',
    text: 'no signal',
  })
  expect(status).toBe(409)
  expect(JSON.stringify(body)).not.toContain(eastOutage)
})

test('ground outside is published on by nobody who works for another', async () => {
  const gap = (gapId: string, [lon, lat]: readonly [number, number]) => ({
    gapId,
    kind: 'blind-spot',
    area: { kind: 'circle', center: [lon, lat], radiusMeters: 300 },
  })
  const refused = await story.send('ops-west', 'POST', '/v1/gaps', gap('G-E', east))
  expect(refused.status).toBe(403)
  expect(refused.body['detail']).toMatch(/works for west.*outside/)
  await story.post('ops-west', '/v1/gaps', gap('G-W', [113.3, 23.0]))
  await story.city.settle()
  expect((await story.list('ops-west', '/v1/gaps')).map(({ gapId }) => gapId)).toEqual(['G-W'])
  expect(await story.list('ops-east', '/v1/gaps')).toEqual([])
  expect((await story.send('ops-east', 'POST', '/v1/gaps/G-W/close', {})).status).toBe(404)
  expect((await story.send('ops-east', 'POST', '/v1/gaps', gap('G-W', east))).status).toBe(409)
})

test('figures are counted for the ground of the region, and those that cannot be are refused', async () => {
  const totals = async (who: Who) => {
    const { total } = (await story.get(who, '/v1/statistics?from=2026-03-01&to=2026-03-01')) as {
      total: { complaints: { n: number } }
    }
    return total.complaints.n
  }
  const [inWest, inEast, inAll] = [
    await totals('ops-west'),
    await totals('ops-east'),
    await totals('everywhere'),
  ]
  expect(inWest).toBe(4)
  expect(inAll - inWest - inEast).toBe(1)
  const byCause = await story.send('ops-west', 'GET', '/v1/statistics?by=cause')
  expect(byCause.status).toBe(403)
  expect(byCause.body['detail']).toContain('whole network')
  const csv = await story.send('ops-west', 'GET', '/v1/export/complaints?from=2026-03-01&to=2026-03-01')
  expect(JSON.stringify(csv.body)).not.toMatch(/E-\d/)
})

describe('the live feed', () => {
  test('tells each region of its own, from the snapshot on, while things happen, and when resumed', async () => {
    const url = await story.city.app.listen({ host: '127.0.0.1', port: 0 })
    const hearing = async (who: Who, until: string, more: Record<string, string> = {}) => {
      const hangUp = new AbortController()
      const answer = await fetch(`${url}/v1/live`, {
        headers: { ...story.headers(who), ...more },
        signal: hangUp.signal,
      })
      let text = ''
      const decoder = new TextDecoder()
      let begin = (): void => {}
      // Whoever comes may have to wait for their first look: what happens meanwhile is in that, and not told by itself.
      const begun = new Promise<void>((resolve) => (begin = resolve))
      const told = (async () => {
        for await (const chunk of answer.body ?? []) {
          text += decoder.decode(chunk, { stream: true })
          begin()
          if (text.includes(until)) break
        }
        hangUp.abort()
        return text
      })()
      return { told, begun }
    }
    const both = [await hearing('ops-west', '"W-951"'), await hearing('ops-east', '"E-952"')] as const
    await Promise.all(both.map(({ begun }) => begun))
    await story.call('everywhere', 'W-951', west)
    await story.call('everywhere', 'E-952', [114.2, 23.3])
    const [inWest, inEast] = await Promise.all(both.map(({ told }) => told))
    for (const [text = '', own, other] of [
      [inWest, 'W-951', eastOutage],
      [inEast, 'E-952', westOutage],
    ] as const) {
      expect(text).toContain('event: reset')
      expect(text).toContain(own)
      expect(text).not.toContain(other)
    }
    expect(inWest).not.toMatch(/"E-\d/)
    expect(inEast).not.toMatch(/"W-[1-8]/)
    // The outage of both is told to each with its own figures.
    const ofShared = (text = '') =>
      JSON.parse(
        [...text.matchAll(/^data: (.*)$/gm)]
          .map(([, data = '']) => data)
          .findLast(
            (data) => data.includes(`"outageId":"${sharedOutage}"`) && data.includes('"type":"outage"'),
          ) ?? '{}',
      ) as Json
    expect(ofShared(inWest)).toMatchObject({ complaints: 2 })
    const lastId = [...(inWest ?? '').matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? ''
    await story.call('everywhere', 'E-953', [114.2, 23.3])
    await story.call('everywhere', 'W-954', west)
    await story.city.settle()
    const resumed = await (await hearing('ops-west', '"W-954"', { 'last-event-id': lastId })).told
    expect(resumed).not.toContain('event: reset')
    expect(resumed).not.toContain('E-953')
  })
})
