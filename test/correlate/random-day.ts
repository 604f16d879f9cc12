import fc from 'fast-check'
import type { Input } from '../../src/correlate/engine.ts'
import { clock, hourMs, input, minuteMs } from './day.ts'

/** A small town: one aggregation element over six sites 600 m apart, and one site of another network. */
export function town(): Input[] {
  const at = clock('00:01')
  const register = (data: object): Input => input('ElementRegistered', at, data, { source: 'inventory' })
  const sites = Array.from({ length: 6 }, (_, n) =>
    register({
      elementId: `S${n}`,
      kind: 'site',
      name: `Site ${n}`,
      network: 'A',
      services: ['mobile'],
      location: { point: [113.3 + 0.006 * (n % 3), 23.1 + 0.0055 * Math.floor(n / 3)] },
      parent: 'BSC',
      subscribers: 800,
    }),
  )
  return [
    register({ elementId: 'MSC', kind: 'core', name: 'MSC', network: 'A' }),
    register({ elementId: 'BSC', kind: 'aggregation', name: 'BSC', network: 'A', parent: 'MSC' }),
    ...sites,
    register({
      elementId: 'X0',
      kind: 'site',
      name: 'Other',
      network: 'B',
      location: { point: [113.303, 23.102] },
    }),
  ]
}

/** A fact of the day: what it says and when it happened; when it arrives is for the test to choose. */
export interface Fact {
  readonly type:
    | 'AlarmRaised'
    | 'AlarmCleared'
    | 'CutoverPlanned'
    | 'CutoverStarted'
    | 'CutoverFinished'
    | 'ComplaintReceived'
  readonly data: object
  readonly happenedMs: number
}

const from = clock('08:00')
const momentMs = fc.integer({ min: 0, max: 24 }).map((steps) => from + steps * 10 * minuteMs)
const element = fc.constantFrom('S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'BSC', 'X0')
const trouble = fc.constantFrom('Out of Service', 'Cell Capability Degraded', 'Mains failure', 'Door Open')

const alarm = fc
  .record({
    element,
    trouble,
    startMs: momentMs,
    steps: fc.option(fc.integer({ min: 0, max: 12 })),
    id: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ element: elementId, trouble: probableCause, startMs, steps, id }): Fact[] => {
    // An alarm id names one alarm of one element.
    const alarmId = `${elementId}-${probableCause}-${id}`
    const raised: Fact = {
      type: 'AlarmRaised',
      happenedMs: startMs,
      data: {
        alarmId,
        elementId,
        probableCause,
        alarmType: 'COMMUNICATIONS_ALARM',
        perceivedSeverity: 'CRITICAL',
      },
    }
    if (steps === null) return [raised]
    return [raised, { type: 'AlarmCleared', happenedMs: startMs + steps * 10 * minuteMs, data: { alarmId } }]
  })

const cutover = fc
  .record({ element, startMs: momentMs, told: fc.boolean(), id: fc.uuid() })
  .map(({ element: elementId, startMs, told, id }): Fact[] => {
    const cutoverId = `CO-${id.slice(0, 8)}`
    const planned: Fact = {
      type: 'CutoverPlanned',
      happenedMs: from - hourMs,
      data: {
        cutoverId,
        title: 'Swap',
        elementIds: [elementId],
        plannedStart: new Date(startMs).toISOString(),
        plannedEnd: new Date(startMs + hourMs).toISOString(),
      },
    }
    if (!told) return [planned]
    return [
      planned,
      { type: 'CutoverStarted', happenedMs: startMs, data: { cutoverId } },
      { type: 'CutoverFinished', happenedMs: startMs + 70 * minuteMs, data: { cutoverId } },
    ]
  })

const complaint = fc
  .record({
    lon: fc.integer({ min: 0, max: 14 }),
    lat: fc.integer({ min: 0, max: 8 }),
    troubleMs: fc.option(momentMs),
    calledAfter: fc.integer({ min: 0, max: 6 }),
    symptom: fc.constantFrom('no-signal', 'slow-data', 'no-data', undefined),
    pattern: fc.constantFrom('sudden', 'chronic', undefined),
    stillOut: fc.constantFrom('yes', 'no', 'unknown'),
    customer: fc.integer({ min: 0, max: 12 }),
    network: fc.constantFrom('A', undefined),
    id: fc.uuid(),
  })
  .map(({ lon, lat, troubleMs, calledAfter, symptom, pattern, stillOut, customer, network, id }): Fact[] => {
    const reportedMs = (troubleMs ?? from) + calledAfter * 20 * minuteMs
    return [
      {
        type: 'ComplaintReceived',
        happenedMs: reportedMs,
        data: {
          complaintId: `C-${id}`,
          customerRef: `customer-${customer}`,
          service: 'mobile',
          reportedAt: new Date(reportedMs).toISOString(),
          trouble: {
            ...(troubleMs !== null && { from: new Date(troubleMs).toISOString() }),
            ...(pattern !== undefined && { pattern }),
          },
          place: {
            location: { point: [113.299 + lon * 0.001, 23.099 + lat * 0.001] },
            uncertaintyMeters: 300,
          },
          stillOut,
          ...(symptom !== undefined && { symptom }),
          ...(network !== undefined && { network }),
        },
      },
    ]
  })

/** The facts of a random day, each kind in plenty. */
export const dayOfFacts: fc.Arbitrary<Fact[]> = fc
  .tuple(
    fc.array(alarm, { minLength: 1, maxLength: 10 }),
    fc.array(cutover, { maxLength: 3 }),
    fc.array(complaint, { minLength: 1, maxLength: 25 }),
  )
  .map((groups) => groups.flat(2))

/** Facts as inputs in this order of arrival, ten seconds apart, after all of them have happened. */
export function arriving(facts: readonly Fact[]): Input[] {
  const firstMs = clock('16:00')
  return facts.map((fact, index) =>
    input(fact.type, firstMs + index * 10_000, fact.data, {
      happenedMs: fact.happenedMs,
      source: 'town',
      id: `${fact.happenedMs} ${JSON.stringify(fact.data)}`,
    }),
  )
}
