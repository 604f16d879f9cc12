import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
beforeEach(async () => (started = await startApp({ at: '2026-03-01T00:00:00.000Z' })))
afterEach(() => started.stop())

const listed = (alarmId: string, more: object = {}) => ({
  alarmId,
  elementId: `S-${alarmId}`,
  probableCause: 'outOfService',
  perceivedSeverity: 'CRITICAL',
  ...more,
})

async function snapshot(takenAt: string, alarms: readonly object[], source = 'nms') {
  const { status, body } = await started.send('POST', '/v1/alarms/snapshot', { source, takenAt, alarms })
  expect(status, JSON.stringify(body)).toBe(200)
  await started.settle()
  return body
}

async function active() {
  const { body } = await started.send<{ items: { alarmId: string }[] }>('GET', '/v1/alarms?source=nms')
  return body.items.map(({ alarmId }) => alarmId).sort()
}

test('what is new is raised, what is absent cleared, what has changed changed; the same list again says nothing', async () => {
  expect(await snapshot('2026-03-01T00:00:00Z', [listed('1'), listed('2')])).toMatchObject({ raised: 2 })
  await started.goTo('2026-03-01T00:10:00.000Z')
  const second = [listed('2', { perceivedSeverity: 'MINOR' }), listed('3')]
  const counts = { alarms: 2, raised: 1, changed: 1, confirmed: 0, unchanged: 0, cleared: 1 }
  expect(await snapshot('2026-03-01T00:10:00Z', second)).toEqual(counts)
  expect(await active()).toEqual(['2', '3'])
  const head = await started.services.log.head()
  expect(await snapshot('2026-03-01T00:10:00Z', second)).toMatchObject({ raised: 0, changed: 0, cleared: 0 })
  expect(await started.services.log.head()).toBe(head)
  const cleared = await started.send<{ cleared: { reason: string } }>('GET', '/v1/alarms/nms/1')
  expect(cleared.body.cleared.reason).toBe('absent-from-snapshot')
})

test('an empty list clears all of its own source and nothing of others', async () => {
  await snapshot('2026-03-01T00:00:00Z', [listed('1')])
  await snapshot('2026-03-01T00:00:00Z', [listed('1')], 'other-nms')
  await started.goTo('2026-03-01T00:05:00.000Z')
  expect(await snapshot('2026-03-01T00:05:00Z', [])).toMatchObject({ cleared: 1 })
  const others = await started.send<{ items: unknown[] }>('GET', '/v1/alarms?source=other-nms')
  expect(others.body.items).toHaveLength(1)
})

test('what was said after the list was taken goes before the list', async () => {
  await started.goTo('2026-03-01T00:30:00.000Z')
  await started.send('POST', '/v1/alarms', {
    event: 'raised',
    source: 'nms',
    ...listed('9'),
    occurredAt: '2026-03-01T00:20:00Z',
  })
  expect(await snapshot('2026-03-01T00:10:00Z', [])).toMatchObject({ cleared: 0 })
  expect(await active()).toEqual(['9'])
})

test('an alarm that stays is confirmed, but not with every list', async () => {
  const staleMs = started.services.correlator.ruleset()?.times.staleAlarmMs ?? 0
  const startMs = Date.parse('2026-03-01T00:00:00.000Z')
  await snapshot('2026-03-01T00:00:00Z', [listed('1')])
  await started.goTo(new Date(startMs + staleMs / 8).toISOString())
  expect(await snapshot(new Date(startMs + staleMs / 8).toISOString(), [listed('1')])).toMatchObject({
    unchanged: 1,
  })
  await started.goTo(new Date(startMs + staleMs / 4).toISOString())
  expect(await snapshot(new Date(startMs + staleMs / 4).toISOString(), [listed('1')])).toMatchObject({
    confirmed: 1,
  })
})

test('an alarm listed again after its clear has come back', async () => {
  await snapshot('2026-03-01T00:00:00Z', [listed('1')])
  await started.goTo('2026-03-01T00:10:00.000Z')
  await snapshot('2026-03-01T00:10:00Z', [])
  await started.goTo('2026-03-01T00:20:00.000Z')
  expect(await snapshot('2026-03-01T00:20:00Z', [listed('1')])).toMatchObject({ raised: 1 })
  const alarm = await started.send('GET', '/v1/alarms/nms/1')
  expect(alarm.body).toMatchObject({ occurrence: 2 })
})
