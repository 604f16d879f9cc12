import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import type { StartedApp } from './start-app.ts'
import { home, startDesk, type Desk, type Json, type Point } from './desk.ts'

/* An analyst looks at an area and a period, and gives what belongs together one cause. Over HTTP alone. */

let city: StartedApp
let town: Desk
beforeEach(async () => {
  town = await startDesk()
  city = town.city
})
afterEach(() => city.stop())

const near = (number: number): Point => [home[0] + number * 0.0003, home[1]]
const box = { kind: 'box', box: [home[0] - 0.01, home[1] - 0.01, home[0] + 0.01, home[1] + 0.01] }
const morning = { from: '2026-03-01T01:00:00Z', to: '2026-03-01T03:00:00Z' }

interface Analysis {
  readonly items: readonly Json[]
  readonly next?: string
  readonly network?: Readonly<Record<string, readonly Json[]>>
}

async function analyse(more: object = {}): Promise<Analysis> {
  const { status, body } = await city.send<Analysis>('POST', '/v1/analyses', {
    area: box,
    ...morning,
    ...more,
  })
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

const idsOf = (items: readonly Json[]) => items.map(({ complaintId }) => String(complaintId)).sort()

describe('analysis of many complaints together', () => {
  test('an area and a period give all complaints, explained or not, beside the network there', async () => {
    await town.site('S-1')
    await town.site('S-far', [home[0] + 1, home[1]])
    await town.alarm('A-1', 'S-1', { occurredAt: '2026-03-01T01:50:00Z' })
    await town.post('/v1/cutovers', {
      cutoverId: 'CO-1',
      title: '割接',
      elementIds: ['S-1'],
      work: 'swap',
      plannedStart: '2026-03-01T01:30:00Z',
      plannedEnd: '2026-03-01T01:45:00Z',
    })
    await town.post('/v1/gaps', {
      gapId: 'G-1',
      kind: 'blind-spot',
      area: { kind: 'circle', center: home, radiusMeters: 100 },
    })
    const inside: AnswerComplaint[] = []
    for (let number = 0; number < 5; number += 1) {
      inside.push(await town.call({ place: { point: near(number), uncertaintyMeters: 50 } }))
    }
    const billed = await town.call({ text: '话费太贵', place: { point: near(6) } })
    await town.call({ place: { point: [home[0] + 0.5, home[1]] } })
    await town.call({ trouble: { from: '2026-02-27T10:00:00Z' } })
    await city.settle()

    const { items, network } = await analyse()
    expect(idsOf(items)).toEqual([...inside, billed].map(({ complaintId }) => complaintId).sort())
    expect(network).toMatchObject({
      elements: [{ elementId: 'S-1', alarms: [{ alarmId: 'A-1' }] }],
      cutovers: [{ cutoverId: 'CO-1' }],
      gaps: [{ gapId: 'G-1' }],
      complete: true,
    })
    // Page after page it is the same, and the network comes once.
    const paged: Json[] = []
    for (let page = await analyse({ limit: 2 }); ; page = await analyse({ limit: 2, cursor: page.next })) {
      paged.push(...page.items)
      if (page.next === undefined) break
    }
    expect(idsOf(paged)).toEqual(idsOf(items))
    // A triangle over the first three of them.
    const ring = [near(-1), [home[0] + 0.00075, home[1] - 0.001], [home[0] + 0.00075, home[1] + 0.001]]
    const triangle = await analyse({ area: { kind: 'polygon', ring } })
    expect(idsOf(triangle.items)).toEqual(
      inside
        .slice(0, 3)
        .map(({ complaintId }) => complaintId)
        .sort(),
    )
    const over = await analyse({ from: '2026-03-01T02:30:00Z' })
    expect(over.items).toEqual([])
    expect(over.network).toMatchObject({ cutovers: [], elements: [{ alarms: [{ alarmId: 'A-1' }] }] })
  })

  test('a selection is given one typed cause in one act, which explains no others and is undone as one', async () => {
    await town.site('S-1')
    const given = []
    for (let number = 0; number < 4; number += 1)
      given.push(await town.call({ place: { point: near(number) } }))
    const other = await town.call({ place: { point: near(5) } })
    const complaintIds = given.map(({ complaintId }) => complaintId)
    const words = { zh: '小区光缆被挖断，正在抢修。', en: 'A cable was cut. We are repairing it.' }
    const act = { batchId: 'B-1', complaintIds, typed: { title: '光缆被挖断', words } }
    expect(await town.post('/v1/cause-batches', act)).toMatchObject({ batchId: 'B-1', changed: 4 })
    expect(await town.post('/v1/cause-batches', act)).toMatchObject({ changed: 0 })
    await city.goTo('2026-03-01T02:05:00.000Z')
    for (const id of complaintIds) {
      expect(await town.answerOf(id)).toMatchObject({
        verdict: 'explained',
        root: { kind: 'advisory' },
        confirmed: true,
        words,
      })
    }
    expect(await town.answerOf(other.complaintId)).toMatchObject({ verdict: 'unexplained' })
    expect(await town.list('/v1/cause-batches')).toMatchObject([{ batchId: 'B-1', complaints: 4, undone: 0 }])
    expect(await town.list('/v1/outages')).toMatchObject([{ title: '光缆被挖断', complaints: 4 }])

    expect(await town.post('/v1/cause-batches/B-1/undo', { reason: 'it was another street' })).toMatchObject({
      changed: 4,
    })
    expect(await town.post('/v1/cause-batches/B-1/undo')).toMatchObject({ changed: 0 })
    await city.goTo('2026-03-01T02:10:00.000Z')
    for (const id of complaintIds) expect(await town.answerOf(id)).toMatchObject({ verdict: 'unexplained' })
    expect(await town.get('/v1/cause-batches/B-1')).toMatchObject({ complaints: 4, undone: 4 })
  })

  test('a known cause is confirmed for all; one of them taken back alone stays so', async () => {
    await town.site('S-1')
    await town.alarm('A-1', 'S-1', { occurredAt: '2026-03-01T01:50:00Z' })
    const told = [await town.call(), await town.call()]
    const cause = told[0]?.root
    expect(cause).toMatchObject({ kind: 'alarm' })
    const far = await town.call({ place: { point: [home[0] + 0.3, home[1]] } })
    const complaintIds = [...told, far].map(({ complaintId }) => complaintId)
    expect(await town.post('/v1/cause-batches', { batchId: 'B-2', complaintIds, cause })).toMatchObject({
      changed: 3,
    })
    await city.goTo('2026-03-01T02:05:00.000Z')
    expect(await town.answerOf(far.complaintId)).toMatchObject({ verdict: 'explained', root: cause })
    const [member] = await town.list('/v1/cause-batches/B-2/members')
    await town.post(`/v1/acts/${String(member?.['eventId'])}/undo`)
    expect(await town.post('/v1/cause-batches/B-2/undo')).toMatchObject({ changed: 2 })
  })

  test('nothing is recorded where one of them cannot be; what is wrong is named', async () => {
    const { complaintId } = await town.call()
    const cause = { kind: 'cutover', id: 'CO-404' }
    const refused = async (body: object) => city.send('POST', '/v1/cause-batches', body)
    expect(await refused({ complaintIds: [complaintId, 'C-404'], typed: { title: 'x' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/complaintIds/1', detail: 'no complaint C-404' }] },
    })
    expect(await refused({ complaintIds: [complaintId], cause })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/cause/id' }] },
    })
    expect((await refused({ complaintIds: [complaintId], cause, typed: { title: 'x' } })).status).toBe(400)
    expect((await town.list('/v1/cause-batches')).length).toBe(0)
    const backwards = await city.send('POST', '/v1/analyses', {
      area: box,
      from: morning.to,
      to: morning.from,
    })
    expect(backwards).toMatchObject({ status: 400, body: { errors: [{ pointer: '/to' }] } })
  })
})
