import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { home, startDesk, type Desk, type Point } from './desk.ts'
import type { StartedApp } from './start-app.ts'

/*
 * What the reference system leaves to people, and what makes users drop such a system in a week. One scenario each,
 * through the HTTP API alone.
 */

let city: StartedApp
let post: Desk['post']
let list: Desk['list']
let site: Desk['site']
let alarm: Desk['alarm']
let clear: Desk['clear']
let call: Desk['call']
let answerOf: Desk['answerOf']
beforeEach(async () => {
  ;({ city, post, list, site, alarm, clear, call, answerOf } = await startDesk())
})
afterEach(() => city.stop())

describe('the harder cases', () => {
  test('the alarm arrives after the complaint: the answer is revised, and says what it replaces', async () => {
    await site('S-1')
    const first = await call()
    expect(first).toMatchObject({ verdict: 'unexplained', band: 'dispatch' })
    await city.goTo('2026-03-01T02:03:00.000Z')
    await alarm('A-1', 'S-1', { occurredAt: '2026-03-01T01:58:30Z' })
    await city.goTo('2026-03-01T02:04:00.000Z')
    const revised = await answerOf(first.complaintId)
    expect(revised).toMatchObject({ verdict: 'explained', root: { kind: 'alarm' }, band: 'say' })
    const story = await list(`/v1/complaints/${first.complaintId}/story`)
    expect(story.at(-1)?.['data']).toMatchObject({ supersedes: first.attributionId })
    expect(await list('/v1/complaints?toDispatch=true')).toEqual([])
  })

  test('the BSC fails and forty sites alarm: one outage, one root, not a dozen rows', async () => {
    await post('/v1/elements', { source: 'nms', elementId: 'BSC-1', kind: 'aggregation', name: 'BSC 1' })
    const at = (number: number): Point => [113.3 + (number % 8) * 0.02, 23.1 + Math.floor(number / 8) * 0.02]
    for (let number = 0; number < 40; number += 1) await site(`S-${number}`, at(number), { parent: 'BSC-1' })
    for (let number = 0; number < 40; number += 1) await alarm(`A-${number}`, `S-${number}`)
    await city.goTo('2026-03-01T02:01:00.000Z')
    await alarm('B-1', 'BSC-1', { occurredAt: '2026-03-01T01:59:55Z' })
    const answers = [await call({ place: { point: at(3) } }), await call({ place: { point: at(30) } })]
    await city.goTo('2026-03-01T02:10:00.000Z')
    const now = await Promise.all(answers.map(({ complaintId }) => answerOf(complaintId)))
    for (const { root } of now)
      expect(root).toMatchObject({ kind: 'alarm', id: expect.stringContaining('nms/B-1@') })
    const outages = await list('/v1/outages')
    expect(outages).toHaveLength(1)
    expect(outages[0]).toMatchObject({ elementId: 'BSC-1', complaints: 2 })
    const elements = await list(
      `/v1/outages/${String(outages[0]?.['outageId'])}/members?kind=elements&limit=500`,
    )
    expect(elements.length).toBeGreaterThanOrEqual(40)
  })

  test('no alarm ever comes: the complaints alone make a cluster', async () => {
    await site('S-1')
    for (let number = 0; number < 6; number += 1) {
      await call({ place: { point: [home[0] + number * 0.0003, home[1]], uncertaintyMeters: 50 } })
    }
    await city.settle()
    const clusters = await list('/v1/clusters')
    expect(clusters).toHaveLength(1)
    expect(clusters[0]).toMatchObject({ status: 'open', complaints: 6, customers: 6 })
    expect(await list(`/v1/clusters/${String(clusters[0]?.['clusterId'])}/members`)).toHaveLength(6)
  })

  test('the same customer calls three times: repeats, counted as calls and not as customers', async () => {
    await site('S-1')
    const customer = { phone: '13900000000' }
    const first = await call({ customer })
    await city.goTo('2026-03-01T02:20:00.000Z')
    const second = await call({ customer })
    const third = await call({ customer })
    expect(second.repeatOf).toBe(first.complaintId)
    expect(third.repeatOf).toBeDefined()
    await city.settle()
    expect(await list('/v1/clusters')).toEqual([])
  })

  test('two sites cover the place and both are down: one question tells them apart', async () => {
    await site('S-1', home, { name: '白马花园' })
    await site('S-2', [home[0] + 0.006, home[1]], { name: '体育西路' })
    await alarm('A-1', 'S-1', { occurredAt: '2026-03-01T01:50:00Z' })
    await alarm('A-2', 'S-2', { occurredAt: '2026-03-01T01:50:00Z' })
    const answer = await call({ place: { point: [home[0] + 0.003, home[1]], uncertaintyMeters: 300 } })
    expect(answer.band).toBe('ask')
    expect(answer.question?.options.map(({ about }) => about.id).sort()).toEqual(['S-1', 'S-2'])
    const amended = await city.send<{ answer: AnswerComplaint }>(
      'POST',
      `/v1/complaints/${answer.complaintId}/amend`,
      {
        confirmations: [
          { about: { kind: 'element', id: 'S-2' }, answer: 'yes' },
          { about: { kind: 'element', id: 'S-1' }, answer: 'no' },
        ],
      },
    )
    expect(amended.body.answer).toMatchObject({
      band: 'say',
      direct: { id: expect.stringContaining('nms/A-2@') },
    })
  })

  test('the cutover overruns its window: its end is not said any more', async () => {
    await site('S-1')
    await post('/v1/cutovers', {
      cutoverId: 'CO-1',
      title: 'Swap',
      elementIds: ['S-1'],
      plannedStart: '2026-03-01T02:00:00Z',
      plannedEnd: '2026-03-01T03:00:00Z',
    })
    await post('/v1/cutovers/CO-1/start')
    await city.goTo('2026-03-01T02:01:00.000Z')
    await alarm('A-1', 'S-1')
    await city.goTo('2026-03-01T02:10:00.000Z')
    const inWindow = await call({ trouble: { from: '2026-03-01T02:02:00Z' }, stillOut: 'yes' })
    expect(inWindow).toMatchObject({
      root: { kind: 'cutover' },
      state: 'ongoing',
      expectedEnd: '2026-03-01T03:00:00.000Z',
    })
    expect(inWindow.words.zh).toMatch(/11[::]00|11点/)
    // Nobody has to touch it: what was said until the end is not said behind it.
    await city.goTo('2026-03-01T03:20:00.000Z')
    const overdue = await answerOf(inWindow.complaintId)
    expect(overdue.words.zh).not.toMatch(/11[::]00|11点/)
    expect(overdue.words.zh).not.toContain('已恢复')
  })

  test('complaints go on after the clear: who is still out is never told that it is restored', async () => {
    await site('S-1')
    await alarm('A-1', 'S-1')
    await city.goTo('2026-03-01T02:30:00.000Z')
    await clear('A-1')
    await city.goTo('2026-03-01T03:30:00.000Z')
    const over = await call({
      trouble: { from: '2026-03-01T02:05:00Z', to: '2026-03-01T02:30:00Z' },
      stillOut: 'no',
    })
    expect(over.words.zh).toContain('已恢复')
    const out = await call({ trouble: { from: '2026-03-01T02:05:00Z' }, stillOut: 'yes' })
    expect(out.words.zh).not.toContain('已恢复')
  })
})

describe('what makes users drop such a system in a week', () => {
  test('a "restored" that is not: nobody says it before the clear has held its dwell', async () => {
    await site('S-1')
    await alarm('A-1', 'S-1')
    await city.goTo('2026-03-01T02:10:00.000Z')
    await clear('A-1')
    await city.goTo('2026-03-01T02:12:00.000Z')
    const told = await call({
      trouble: { from: '2026-03-01T02:01:00Z', to: '2026-03-01T02:10:00Z' },
      stillOut: 'no',
    })
    expect(told.state).toBe('watched')
    expect(told.words.zh).not.toContain('已恢复')
    await city.goTo('2026-03-01T03:00:00.000Z')
    expect(await answerOf(told.complaintId)).toMatchObject({ state: 'restored' })
  })

  test("another operator's site is not blamed", async () => {
    await site('S-1', home, { network: 'ours' })
    await site('X-1', home, { network: 'theirs' })
    await alarm('A-1', 'X-1')
    expect(await call({ network: 'ours' })).toMatchObject({ verdict: 'unexplained' })
  })

  test('door and fan alarms are not blamed', async () => {
    await site('S-1')
    for (const [id, probableCause] of [
      ['A-1', 'Door open'],
      ['A-2', 'Fan failure'],
    ] as const) {
      await alarm(id, 'S-1', { alarmType: 'ENVIRONMENTAL_ALARM', probableCause, perceivedSeverity: 'MINOR' })
    }
    expect(await call()).toMatchObject({ verdict: 'unexplained' })
  })

  test('work orders in a storm: who is explained is not dispatched', async () => {
    await site('S-1')
    await alarm('A-1', 'S-1')
    await city.goTo('2026-03-01T02:05:00.000Z')
    for (let number = 0; number < 20; number += 1) await call({ trouble: { from: '2026-03-01T02:01:00Z' } })
    await city.settle()
    expect(await list('/v1/complaints?toDispatch=true')).toEqual([])
    expect(await list('/v1/outages')).toMatchObject([{ complaints: 20, customers: 20 }])
  })

  test('a wrong first answer is not copied: a rejected cause is never proposed again for that complaint', async () => {
    await site('S-1')
    await alarm('A-1', 'S-1')
    const { complaintId, root, attributionId } = await call()
    await post(`/v1/complaints/${complaintId}/reject`, { cause: root, attributionId })
    await city.goTo('2026-03-01T02:05:00.000Z')
    expect((await answerOf(complaintId)).root).not.toEqual(root)
  })

  test('a handover kept in a notebook: who has it, what was estimated and noted stands in the story', async () => {
    await site('S-1')
    await alarm('A-1', 'S-1')
    const { outageId } = await call()
    await city.settle()
    await post(`/v1/outages/${outageId}/acknowledge`)
    await post(`/v1/outages/${outageId}/assign`, { assignee: 'night shift' })
    await post(`/v1/outages/${outageId}/estimate`, { expectedEnd: '2026-03-01T05:00:00Z' })
    await post(`/v1/outages/${outageId}/note`, { text: 'Battery is on its way.' })
    const types = (await list(`/v1/outages/${outageId}/story`)).map((entry) => entry['type'])
    expect(types).toEqual(
      expect.arrayContaining([
        'OutageOpened',
        'OutageAcknowledged',
        'OutageAssigned',
        'EndEstimated',
        'NoteAdded',
      ]),
    )
    const outage = await city.send('GET', `/v1/outages/${outageId}`)
    expect(outage.body).toMatchObject({ expectedEnd: '2026-03-01T05:00:00.000Z' })
  })
})
