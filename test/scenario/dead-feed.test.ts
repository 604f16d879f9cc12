import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerHandover } from '../../schemas/answer-handover.ts'
import { answerNotice } from '../../schemas/answer-notice.ts'
import { thingNow } from '../../src/http/page-query.ts'
import { startDesk, type Desk, type Json } from './desk.ts'

/* An alarm feed dies unseen for an hour, 10:30 to 11:30 in Guangzhou, and comes back with all that it has missed. */

let desk: Desk
beforeEach(
  async () =>
    void (desk = await startDesk({
      config: { feeds: [{ source: 'nms', heartbeatMs: 300_000, maxLagMs: 900_000 }] },
    })),
)
afterEach(() => desk.city.stop())

const at = (time: string) => `2026-03-01T${time}:00.000Z`
const goTo = (time: string) => desk.city.goTo(at(time))
const ready = async () => (await desk.city.send('GET', '/ready')).body
const feedRows = async (more = '') => await desk.list(`/v1/noc?kind=feed${more}`)

/** Takes it a minute at a time, as the clock does. */
async function pass(from: number, to: number, each = async () => {}) {
  for (let minute = from; minute <= to; minute += 1) {
    await goTo(
      `${String(2 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
    )
    await each()
  }
}
const beat = async () => void (await desk.post('/v1/feeds/nms/heartbeat'))

test('an alarm feed dead for an hour is a notice, changes the words, and is handed over; what it missed revises answers', async () => {
  await desk.site('S-1')
  await pass(0, 30, beat)
  expect(await feedRows()).toEqual([])

  // Silence. The site fails at 10:40, and the list of alarms does not know.
  await pass(31, 45)
  const [row] = await feedRows()
  expect(answerNotice.safeParse(row).error).toBeUndefined()
  expect(row).toMatchObject({ id: 'nms', title: 'nms', reason: 'silent', since: at('02:30'), state: 'open' })
  expect(row?.['points']).toBeGreaterThanOrEqual(100)
  expect(await ready()).toMatchObject({ ready: true, staleFeeds: ['nms'] })
  const caller = await desk.call({ trouble: { from: at('02:40'), uncertaintyMs: 120_000 } })
  expect(caller).toMatchObject({ verdict: 'unexplained', staleFeeds: ['nms'] })
  const stale = caller.words
  expect(stale.en).toMatch(/check|confirm|verif/i)

  await desk.post('/v1/feeds/nms/acknowledge', { note: 'the NMS is being restarted' })
  expect(await feedRows()).toMatchObject([{ acknowledged: true }])
  await desk.post('/v1/feeds/nms/mute', { reason: 'known', until: at('03:00') })
  expect(await feedRows()).toEqual([])
  expect(await feedRows('&muted=only')).toHaveLength(1)
  await pass(46, 89)
  expect(await feedRows()).toHaveLength(1)

  // It is back: first the alarm of 10:40, fifty minutes late, then a heartbeat each minute.
  await pass(90, 90)
  await desk.alarm('A-1', 'S-1', { occurredAt: at('02:40') })
  await desk.alarm('A-2', 'S-2', { occurredAt: at('03:30') })
  await pass(91, 95, beat)
  expect(await feedRows()).toEqual([])
  expect(await ready()).toMatchObject({ staleFeeds: [] })
  const revised = await desk.answerOf(caller.complaintId)
  expect(revised).toMatchObject({ verdict: 'explained', root: { kind: 'alarm' }, staleFeeds: [] })
  expect(revised.words).not.toEqual(stale)

  // What was known at 11:00 says so still, and the handover tells from when to when.
  const then = await desk.get(`/v1/complaints/${caller.complaintId}?asOf=${at('03:00')}`)
  expect(then).toMatchObject({ staleFeeds: ['nms'], words: stale, verdict: 'unexplained' })
  expect(await desk.get(`/v1/noc?kind=feed&muted=shown&asOf=${at('03:00')}`)).toMatchObject({
    items: [{ id: 'nms' }],
  })
  const shift = await desk.get(`/v1/handover?since=${at('02:05')}`)
  expect(thingNow(answerHandover).safeParse(shift).error).toBeUndefined()
  expect(shift['feedsDown']).toEqual([
    { source: 'nms', reason: 'silent', from: at('02:30'), to: at('03:31') },
  ])
  expect((shift['stillOpen'] as readonly Json[]).map(({ kind }) => kind)).not.toContain('feed')
  const later = await desk.get(`/v1/handover?since=${at('03:32')}`)
  expect(later['feedsDown']).toEqual([])
})

test('a feed that only stumbles is no notice, and a silence is recorded once', async () => {
  await beat()
  // Five minutes and fifty seconds without a word, again and again: stale for fifty seconds, and heard.
  for (const [quiet, heard] of [
    ['02:05:20', '02:05:50'],
    ['02:11:20', '02:11:40'],
    ['02:17:10', '02:17:30'],
  ] as const) {
    await desk.city.goTo(`2026-03-01T${quiet}.000Z`)
    expect(await ready()).toMatchObject({ staleFeeds: ['nms'] })
    await desk.city.goTo(`2026-03-01T${heard}.000Z`)
    await beat()
  }
  expect(await feedRows('&muted=shown')).toEqual([])
  await pass(18, 60)
  expect(await feedRows()).toMatchObject([{ since: '2026-03-01T02:17:30.000Z' }])
  const told: string[] = []
  for await (const events of desk.city.services.log.readStream('feed-nms')) {
    told.push(...events.map(({ type }) => type))
  }
  expect(told).toEqual(['FeedFellSilent'])
})
