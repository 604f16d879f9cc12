import { afterEach, describe, expect, test } from 'vitest'
import { isInputType, type Event } from '../../schemas/event.ts'
import { configSchema } from '../../src/config/config.ts'
import { LogUnavailableError } from '../../src/event-log/event-log.ts'
import { historyOf } from '../../src/http/record.ts'
import { noteAccess, recordAccess } from '../../src/http/record-access.ts'
import type { Services } from '../../src/http/services.ts'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
afterEach(() => started.stop())

const limits = configSchema.parse({ limits: { maxRefusalsRecordedAMinute: 2 } }).limits
const stream = 'audit-2026-03-01'
const recorded = (): Promise<Event[]> => historyOf(started.services.log, stream)
const refusal = { method: 'GET', route: '/v1/audit', reason: 'role' } as const

/** Every append fails while `away` says so. */
function failingLog(away: () => boolean) {
  return (services: Services): Services => ({
    ...services,
    writer: {
      ...services.writer,
      write: async (events) => {
        if (away()) throw new LogUnavailableError('the disk is full')
        return services.writer.write(events)
      },
    },
  })
}

async function unrecorded(why: string): Promise<number> {
  const { values } = await started.services.metrics.unrecordedAccess.get()
  return values.find(({ labels }) => labels.why === why)?.value ?? 0
}

describe('the audit log', () => {
  test('takes what it is told into the stream of its day, and twice what is done twice', async () => {
    started = await startApp({ at: '2026-03-01T08:00:00.000Z' })
    const { services } = started
    await recordAccess(services, 'li.na', 'SignedOut', { user: 'li.na' })
    await recordAccess(services, 'li.na', 'SignedOut', { user: 'li.na' })
    const events = await recorded()
    expect(events).toMatchObject([
      { type: 'SignedOut', recordedAt: '2026-03-01T08:00:00.000Z', meta: { actor: 'li.na' } },
      { type: 'SignedOut', data: { user: 'li.na' } },
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(2)
  })

  test('is no input: the engine neither sees it nor waits for it', async () => {
    started = await startApp({ at: '2026-03-01T08:00:00.000Z' })
    const sizes = started.services.correlator.sizes()
    await recordAccess(started.services, 'li.na', 'SignedOut', { user: 'li.na' })
    await started.settle()
    expect(started.services.correlator.lag()).toMatchObject({ events: 0 })
    expect(started.services.correlator.sizes()).toEqual(sizes)
    expect((await recorded()).map(({ type }) => isInputType(type))).toEqual([false])
  })

  test('of a flood of refusals it takes so many a minute, and counts the rest in the next one', async () => {
    started = await startApp({ at: '2026-03-01T08:00:00.000Z', config: { limits } })
    const { services } = started
    for (let at = 0; at < 5; at += 1) await noteAccess(services, 'bot', 'AccessRefused', refusal)
    // Another kind has a budget of its own: a flood of one hides nothing of the other.
    await noteAccess(services, 'li.na', 'AccessRefused', { ...refusal, reason: 'region' })
    await started.goTo('2026-03-01T08:01:00.000Z')
    await noteAccess(services, 'bot', 'AccessRefused', refusal)
    await noteAccess(services, 'bot', 'AccessRefused', refusal)
    expect((await recorded()).map(({ data }) => data)).toEqual([
      refusal,
      refusal,
      { ...refusal, reason: 'region' },
      { ...refusal, unrecordedBefore: 3 },
      refusal,
    ])
    expect(await unrecorded('too-many')).toBe(3)
  })

  test('where it cannot be written to, a refusal is counted and a look at personal data is refused', async () => {
    let away = false
    started = await startApp({ at: '2026-03-01T08:00:00.000Z', change: failingLog(() => away) })
    const sent = { id: 'C-1', text: 'no signal', customer: { phone: '13800138000' } }
    expect((await started.send('POST', '/v1/complaints', sent)).status).toBeLessThan(300)
    away = true
    const look = await started.send('GET', '/v1/complaints/C-1/personal')
    expect(look).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { detail: expect.stringContaining('audit log') },
    })
    expect(JSON.stringify(look.body)).not.toContain('13800138000')
    await noteAccess(started.services, 'bot', 'AccessRefused', refusal)
    away = false
    await noteAccess(started.services, 'bot', 'AccessRefused', refusal)
    expect(await recorded()).toMatchObject([{ type: 'AccessRefused', data: { unrecordedBefore: 1 } }])
    expect([await unrecorded('refused'), await unrecorded('log')]).toEqual([1, 1])
    expect((await started.send('GET', '/v1/complaints/C-1/personal')).body).toMatchObject({
      fields: { phone: '13800138000' },
    })
    const [, seen] = await recorded()
    expect(seen).toMatchObject({
      type: 'PersonalDataSeen',
      data: {
        about: [{ kind: 'complaint', id: 'C-1' }],
        fields: ['phone', 'text'],
        route: '/v1/complaints/:complaintId/personal',
      },
    })
  })
})
