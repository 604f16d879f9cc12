import { afterEach, beforeEach, expect, test } from 'vitest'
import { startDesk, type Desk } from './desk.ts'

/* Acts on an outage reach every complaint that it has and will have; what is logged stays as it was logged. */

let desk: Desk
beforeEach(async () => void (desk = await startDesk()))
afterEach(() => desk.city.stop())

async function oneOutage() {
  await desk.site('S-1')
  await desk.alarm('A-1', 'S-1')
  const { complaintId, outageId, root } = await desk.call()
  await desk.city.settle()
  return { complaintId, root, url: `/v1/outages/${String(outageId)}` }
}

test('words for the public and a new end are told to present and later complaints, until they are over', async () => {
  const { complaintId, url } = await oneOutage()
  const logged = await desk.answerOf(complaintId)
  await desk.post(`${url}/estimate`, { expectedEnd: '2026-03-01T05:00:00Z' })
  expect(await desk.answerOf(complaintId)).toMatchObject({
    expectedEnd: '2026-03-01T05:00:00.000Z',
    words: { en: expect.stringContaining('1 March, 13:00'), zh: expect.stringContaining('3月1日 13:00') },
    attributionId: logged.attributionId,
  })
  const words = { zh: '光缆被挖断，正在抢修。', en: 'A cable was cut; it is being repaired.' }
  const act = await desk.post(`${url}/words`, { words, until: '2026-03-01T04:00:00Z' })
  const later = await desk.call()
  expect(later.words).toEqual(words)
  expect((await desk.answerOf(complaintId)).words).toEqual(words)
  // As of the moment before, an agent was told what was told then.
  await desk.city.goTo('2026-03-01T03:00:00.000Z')
  const attributed = (await desk.list(`/v1/complaints/${complaintId}/story`)).filter(
    ({ type }) => type === 'CauseAttributed',
  )
  expect(attributed).toHaveLength(1)
  await desk.city.goTo('2026-03-01T04:00:30.000Z')
  expect((await desk.answerOf(later.complaintId)).words.en).toContain('1 March, 13:00')
  await desk.city.goTo('2026-03-01T05:00:30.000Z')
  expect((await desk.answerOf(complaintId)).words.en).toContain('longer than we expected')
  await desk.post(`/v1/acts/${String(act['eventId'])}/undo`)
  const again = await desk.post(`${url}/words`, { words })
  // The end that was stated has passed: words that may promise it are not read out.
  expect((await desk.answerOf(complaintId)).words).not.toEqual(words)
  await desk.post(`${url}/estimate`, { expectedEnd: '2026-03-01T07:00:00Z' })
  expect((await desk.answerOf(complaintId)).words).toEqual(words)
  await desk.post(`/v1/acts/${String(again['eventId'])}/undo`)
  expect((await desk.answerOf(complaintId)).words.en).toContain('1 March, 15:00')
  await desk.clear('A-1')
  await desk.city.goTo('2026-03-01T06:00:00.000Z')
  expect((await desk.answerOf(complaintId)).words.en).toContain('restored')
})

test('a cause confirmed holds for present and later complaints, one rejected for none of them', async () => {
  const { complaintId, root, url } = await oneOutage()
  const confirmed = await desk.post(`${url}/confirm`, { cause: root })
  const later = await desk.call()
  await desk.city.goTo('2026-03-01T02:05:00.000Z')
  expect(await desk.answerOf(complaintId)).toMatchObject({ confirmed: true, band: 'say' })
  expect(await desk.answerOf(later.complaintId)).toMatchObject({ confirmed: true, band: 'say' })
  await desk.post(`/v1/acts/${String(confirmed['eventId'])}/undo`)
  expect((await desk.answerOf(complaintId)).confirmed).toBeUndefined()

  await desk.post(`${url}/reject`, { cause: root, note: 'the site was up' })
  const afterwards = await desk.call()
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  for (const id of [complaintId, later.complaintId, afterwards.complaintId])
    expect((await desk.answerOf(id)).root).not.toEqual(root)
  expect(await desk.get(url)).toMatchObject({
    stage: 'ended',
    ended: { reason: 'rejected' },
    complaints: 0,
    verdicts: [{ verdict: 'rejected', note: 'the site was up' }],
  })
})

test('an act on what stands otherwise by now is not taken, and told how it stands', async () => {
  const { root, url } = await oneOutage()
  const stale = async (path: string, body: object) => {
    const { status, body: problem } = await desk.city.send('POST', `${url}/${path}`, body)
    expect(status).toBe(409)
    return problem['outage']
  }
  expect(await stale('confirm', { cause: { kind: 'alarm', id: 'nms/other' } })).toMatchObject({ root })
  expect(await stale('assign', { assignee: 'Chen', seen: { stage: 'watched' } })).toMatchObject({
    stage: 'open',
  })
  await desk.post(`${url}/assign`, { assignee: 'Chen', seen: { stage: 'open', root } })
  await desk.clear('A-1')
  await desk.city.goTo('2026-03-01T02:01:00.000Z')
  expect(await desk.get(url)).toMatchObject({ stage: 'watched', repairedAt: expect.any(String) })
  await desk.city.goTo('2026-03-01T02:40:00.000Z')
  expect(await desk.get(url)).toMatchObject({ stage: 'restored' })
  await desk.city.goTo('2026-03-01T06:00:00.000Z')
  expect(await stale('acknowledge', {})).toMatchObject({ stage: 'ended' })
  expect(await stale('estimate', { expectedEnd: '2026-03-01T07:00:00Z' })).toMatchObject({ stage: 'ended' })
  await desk.post(`${url}/note`, { text: 'It was the mains.' })
})

test('outages whose roots are one become one, and are two again when they are not; ids stay and both tell it', async () => {
  await desk.post('/v1/elements', { source: 'nms', elementId: 'BSC', kind: 'aggregation', name: 'BSC' })
  const far = [113.43, 23.14] as const
  await desk.site('S-1', undefined, { parent: 'BSC' })
  await desk.site('S-2', far, { parent: 'BSC' })
  await desk.alarm('A-1', 'S-1')
  const first = await desk.call()
  await desk.city.goTo('2026-03-01T02:30:00.000Z')
  await desk.alarm('A-2', 'S-2')
  const second = await desk.call({ place: { point: far } })
  await desk.city.goTo('2026-03-01T02:31:00.000Z')
  await desk.alarm('B', 'BSC', { occurredAt: '2026-03-01T01:59:00Z' })
  await desk.city.goTo('2026-03-01T02:40:00.000Z')
  expect(await desk.list('/v1/noc')).toMatchObject([{ id: first.outageId, customers: 2 }])
  const merged = await desk.city.send('POST', `/v1/outages/${second.outageId}/acknowledge`)
  expect([merged.status, merged.body['outage']]).toMatchObject([409, { outageId: first.outageId }])
  await desk.post('/v1/alarms', {
    event: 'cleared',
    source: 'nms',
    alarmId: 'B',
    occurredAt: '2026-03-01T02:05:00Z',
  })
  await desk.city.goTo('2026-03-01T02:50:00.000Z')
  expect((await desk.answerOf(second.complaintId)).outageId).toBe(second.outageId)
  expect(await desk.get(`/v1/outages/${second.outageId}`)).toMatchObject({
    outageId: second.outageId,
    complaints: 1,
    lineage: [
      { step: 'merged', outageId: first.outageId },
      { step: 'split-from', outageId: first.outageId },
    ],
  })
  const told = await desk.get(`/v1/outages/${first.outageId}`)
  expect(told['lineage']).toMatchObject([
    { step: 'absorbed', outageId: second.outageId },
    { step: 'split-off', outageId: second.outageId },
  ])
  expect(told).toMatchObject({ complaints: 1, parts: [first.outageId] })
})

test('an outage declared by hand takes in what is already there, and what comes', async () => {
  await desk.site('S-1')
  const early = [await desk.call(), await desk.call()]
  expect(early[0]).toMatchObject({ verdict: 'unexplained' })
  await desk.city.goTo('2026-03-01T02:05:00.000Z')
  await desk.post('/v1/advisories', {
    advisoryId: 'FIBRE-1',
    advisoryType: 'fibre cut',
    title: 'Fibre cut at Tianhe',
    area: { kind: 'circle', center: [113.33, 23.14], radiusMeters: 1_000 },
    from: '2026-03-01T01:58:00Z',
    outage: { expectedEnd: '2026-03-01T06:00:00Z' },
  })
  await desk.city.goTo('2026-03-01T02:06:00.000Z')
  await desk.alarm('A-1', 'S-1', { occurredAt: '2026-03-01T02:05:30Z' })
  const late = await desk.call()
  await desk.city.goTo('2026-03-01T02:10:00.000Z')
  const rows = await desk.list('/v1/noc')
  expect(rows).toMatchObject([{ kind: 'outage', customers: 3, expectedEnd: '2026-03-01T06:00:00.000Z' }])
  for (const { complaintId } of [...early, late])
    expect(await desk.answerOf(complaintId)).toMatchObject({
      root: { kind: 'advisory', id: 'FIBRE-1' },
      outageId: rows[0]?.['id'],
    })
  expect(await desk.list(`/v1/outages/${String(rows[0]?.['id'])}/members?kind=elements`)).toMatchObject([
    { elementId: 'S-1' },
  ])
})
