import { expect, test } from 'vitest'
import type { Input } from '../../src/correlate/engine.ts'
import { clock, input, minuteMs, newDay } from './day.ts'

const siteCount = 40
const start = clock('10:00')

/** Forty sites on a grid 800 m apart, all under one BSC. */
function region(): Input[] {
  const register = (data: object) => input('ElementRegistered', clock('01:00'), data, { source: 'inventory' })
  return [
    register({ elementId: 'BSC-7', kind: 'aggregation', name: 'BSC 7', subscribers: 0 }),
    ...Array.from({ length: siteCount }, (_, n) =>
      register({
        elementId: `S${n}`,
        kind: 'site',
        name: `Site ${n}`,
        services: ['mobile'],
        parent: 'BSC-7',
        location: { point: placeOf(n) },
      }),
    ),
  ]
}

const placeOf = (n: number): [number, number] => [113.3 + 0.008 * (n % 8), 23.1 + 0.0072 * Math.floor(n / 8)]

const outOfService = (elementId: string, recordedMs: number, happenedMs = start): Input =>
  input(
    'AlarmRaised',
    recordedMs,
    {
      alarmId: `down-${elementId}`,
      elementId,
      probableCause: 'Out of Service',
      alarmType: 'COMMUNICATIONS_ALARM',
      perceivedSeverity: 'CRITICAL',
    },
    { happenedMs, source: 'nms' },
  )

/** Callers over ten minutes, each near some site, all of one trouble. */
function callers(count: number): Input[] {
  return Array.from({ length: count }, (_, n) => {
    const [lon, lat] = placeOf((n * 7) % siteCount)
    const recordedMs = start + 20_000 + Math.floor((n / count) * 10 * minuteMs)
    return input('ComplaintReceived', recordedMs, {
      complaintId: `C-${n}`,
      customerRef: `customer-${n}`,
      service: 'mobile',
      symptom: 'no-signal',
      reportedAt: new Date(recordedMs).toISOString(),
      trouble: { from: new Date(start + (n % 5) * 30_000).toISOString(), uncertaintyMs: 5 * minuteMs },
      place: {
        location: { point: [lon + ((n % 11) - 5) * 0.0004, lat + ((n % 13) - 6) * 0.0003] },
        uncertaintyMeters: 150,
      },
    })
  })
}

/** The storm's alarms: the sites' over a minute in scrambled order, the BSC's when the test says. */
function alarms(bscMs: number): Input[] {
  const sites = Array.from({ length: siteCount }, (_, n) =>
    outOfService(`S${(n * 17) % siteCount}`, start + 5_000 + n * 1_500),
  )
  return [...sites, outOfService('BSC-7', bscMs)]
}

const byArrival = (inputs: Input[]): Input[] =>
  inputs
    .map((event, index) => ({ event, index }))
    .sort((a, b) =>
      a.event.recordedAt < b.event.recordedAt
        ? -1
        : a.event.recordedAt > b.event.recordedAt
          ? 1
          : a.index - b.index,
    )
    .map(({ event }) => event)

for (const [when, bscMs] of [
  ['first', start + 2_000],
  ['amid the sites', start + 30_000],
  ['last', start + 100_000],
] as const)
  test(`E6: a failed BSC with forty sites and 5,000 callers is one outage with one root (its own alarm ${when})`, () => {
    const day = newDay()
    day.feed(...region(), ...byArrival([...alarms(bscMs), ...callers(5_000)]))
    const before = day.engine.sizes()['weighings'] ?? 0
    day.settle(start + 60 * minuteMs)

    const root = { kind: 'alarm', id: `nms/down-BSC-7@${new Date(start).toISOString()}` }
    const decisionsOf = new Map<string, number>()
    for (const event of day.decisions)
      if (event.type === 'CauseAttributed')
        decisionsOf.set(event.data.complaintId, (decisionsOf.get(event.data.complaintId) ?? 0) + 1)
    expect(decisionsOf.size).toBe(5_000)
    expect(Math.max(...decisionsOf.values())).toBeLessThanOrEqual(2)
    for (const id of decisionsOf.keys()) expect(day.answer(id).root).toEqual(root)

    const open = new Map<string, unknown>()
    for (const event of day.decisions) {
      if (event.type === 'OutageOpened') open.set(event.data.outageId, event.data.root)
      if (event.type === 'OutageChanged' && event.data.root) open.set(event.data.outageId, event.data.root)
      if (event.type === 'OutageEnded') open.delete(event.data.outageId)
    }
    expect([...open.values()]).toEqual([root])
    // Forty-one alarms touch every caller many times over; each is weighed a handful of times all the same.
    expect(before).toBeLessThan(5_000 * 5)
  })
