import fc from 'fast-check'
import type { Input } from '../../src/correlate/engine.ts'
import { clock, hourMs, input, minuteMs } from './day.ts'

/**
 * A small town: one aggregation element over six sites 600 m apart, of which one hangs on a ring of three, and one site of
 * another network.
 */
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
  const link = (elementId: string, dependsOn: string, relation: string): Input =>
    input('ElementLinked', at, { elementId, dependsOn, relation }, { source: 'inventory' })
  const ring = ['R1', 'R2', 'R3'].map((elementId) =>
    register({ elementId, kind: 'transport', name: elementId, network: 'A' }),
  )
  return [
    register({ elementId: 'MSC', kind: 'core', name: 'MSC', network: 'A' }),
    register({ elementId: 'BSC', kind: 'aggregation', name: 'BSC', network: 'A', parent: 'MSC' }),
    ...sites,
    ...ring,
    link('R1', 'BSC', 'ringNeighbour'),
    link('R2', 'R1', 'ringNeighbour'),
    link('R3', 'R2', 'ringNeighbour'),
    link('R3', 'BSC', 'ringNeighbour'),
    link('S4', 'R2', 'feeds'),
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
  readonly type: Input['type']
  readonly data: object
  readonly happenedMs: number
}

const from = clock('08:00')
const momentMs = fc.integer({ min: 0, max: 24 }).map((steps) => from + steps * 10 * minuteMs)
const element = fc.constantFrom('S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'BSC', 'X0', 'R1', 'R2', 'R3')
const trouble = fc.constantFrom('Out of Service', 'Cell Capability Degraded', 'Mains failure', 'Door Open')
const severity = fc.constantFrom('CRITICAL', 'MAJOR', 'MINOR')
const iso = (ms: number): string => new Date(ms).toISOString()

/** One alarm: raised, perhaps changed, perhaps cleared by its id or by X.733's rule, perhaps coming back many times. */
const alarm = fc
  .record({
    element,
    trouble,
    startMs: momentMs,
    steps: fc.option(fc.integer({ min: 0, max: 12 })),
    id: fc.integer({ min: 0, max: 9 }),
    changed: fc.option(fc.record({ severity, steps: fc.integer({ min: 0, max: 12 }) })),
    byRule: fc.boolean(),
    flaps: fc.integer({ min: -3, max: 5 }),
  })
  .map(
    ({ element: elementId, trouble: probableCause, startMs, steps, id, changed, byRule, flaps }): Fact[] => {
      // An alarm id names one alarm of one element.
      const alarmId = `${elementId}-${probableCause}-${id}`
      const raised = (happenedMs: number): Fact => ({
        type: 'AlarmRaised',
        happenedMs,
        data: {
          alarmId,
          elementId,
          probableCause,
          alarmType: 'COMMUNICATIONS_ALARM',
          perceivedSeverity: 'CRITICAL',
        },
      })
      const cleared = (happenedMs: number): Fact => ({
        type: 'AlarmCleared',
        happenedMs,
        data: byRule ? { elementId, probableCause } : { alarmId },
      })
      const change = (after: number, perceivedSeverity: string): Fact => ({
        type: 'AlarmChanged',
        happenedMs: startMs + after * 10 * minuteMs,
        data: { alarmId, perceivedSeverity },
      })
      return [
        raised(startMs),
        ...(changed === null ? [] : [change(changed.steps, changed.severity)]),
        ...(steps === null ? [] : [cleared(startMs + steps * 10 * minuteMs)]),
        ...Array.from({ length: Math.max(0, flaps) }, (_, n) => startMs + (2 * n + 1) * 7 * minuteMs).flatMap(
          (ms) => [cleared(ms), raised(ms + 7 * minuteMs)],
        ),
      ]
    },
  )

/** Works on an element or on an area, perhaps moved, begun, finished or called off. */
const cutover = fc
  .record({
    element: fc.option(element),
    startMs: momentMs,
    told: fc.boolean(),
    moved: fc.option(momentMs),
    cancelledMs: fc.option(momentMs, { freq: 4 }),
    id: fc.uuid(),
  })
  .map(({ element: elementId, startMs, told, moved, cancelledMs, id }): Fact[] => {
    const cutoverId = `CO-${id.slice(0, 8)}`
    const planned: Fact = {
      type: 'CutoverPlanned',
      happenedMs: from - hourMs,
      data: {
        cutoverId,
        title: 'Swap',
        ...(elementId === null
          ? { area: { kind: 'circle', center: [113.303, 23.102], radiusMeters: 400 } }
          : { elementIds: [elementId] }),
        plannedStart: iso(startMs),
        plannedEnd: iso(startMs + hourMs),
      },
    }
    return [
      planned,
      ...(moved === null
        ? []
        : [
            {
              type: 'CutoverRescheduled' as const,
              happenedMs: from - hourMs / 2,
              data: { cutoverId, plannedStart: iso(moved), plannedEnd: iso(moved + hourMs) },
            },
          ]),
      ...(cancelledMs === null
        ? []
        : [{ type: 'CutoverCancelled' as const, happenedMs: cancelledMs, data: { cutoverId } }]),
      ...(told
        ? [
            { type: 'CutoverStarted' as const, happenedMs: startMs, data: { cutoverId } },
            { type: 'CutoverFinished' as const, happenedMs: startMs + 70 * minuteMs, data: { cutoverId } },
          ]
        : []),
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
    servedBy: fc.constantFrom(undefined, undefined, undefined, 'S1', 'S4'),
    told: fc.constantFrom('map', 'map', 'map', 'home', 'nowhere'),
    id: fc.uuid(),
  })
  .map((call): Fact[] => {
    const { lon, lat, troubleMs, calledAfter, symptom, pattern, stillOut, customer, network, servedBy } = call
    const { told, id } = call
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
          ...(told !== 'nowhere' && {
            place: {
              location: { point: [113.299 + lon * 0.001, 23.099 + lat * 0.001] },
              source: told,
              uncertaintyMeters: 300,
            },
          }),
          stillOut,
          ...(symptom !== undefined && { symptom }),
          ...(network !== undefined && { network }),
          ...(servedBy !== undefined && { servedBy }),
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

const gap = fc
  .record({ closedMs: fc.option(momentMs), moved: fc.boolean(), id: fc.uuid() })
  .map((one): Fact[] => {
    const gapId = `G-${one.id.slice(0, 8)}`
    const area = (lon: number): object => ({ kind: 'circle', center: [lon, 23.102], radiusMeters: 200 })
    return [
      {
        type: 'CoverageGapReported',
        happenedMs: from,
        data: { gapId, kind: 'blind-spot', area: area(113.303) },
      },
      ...(one.moved
        ? [
            {
              type: 'CoverageGapChanged' as const,
              happenedMs: from,
              data: { gapId, set: { area: area(113.309) } },
            },
          ]
        : []),
      ...(one.closedMs === null
        ? []
        : [{ type: 'CoverageGapClosed' as const, happenedMs: one.closedMs, data: { gapId } }]),
    ]
  })

const advisory = fc
  .record({
    startMs: fc.option(momentMs),
    element: fc.option(element),
    ended: fc.option(momentMs),
    id: fc.uuid(),
  })
  .map(({ startMs, element: elementId, ended, id }): Fact[] => {
    const advisoryId = `ADV-${id.slice(0, 8)}`
    return [
      {
        type: 'AdvisoryPublished',
        happenedMs: startMs ?? from,
        data: {
          advisoryId,
          advisoryType: 'fibre cut',
          title: 'Fibre cut',
          ...(elementId === null
            ? { area: { kind: 'circle', center: [113.306, 23.105], radiusMeters: 500 } }
            : { elementIds: [elementId] }),
          ...(startMs !== null && { from: iso(startMs) }),
          outage: { expectedEnd: iso(from + 5 * hourMs) },
        },
      },
      ...(ended === null
        ? []
        : [{ type: 'AdvisoryWithdrawn' as const, happenedMs: ended, data: { advisoryId } }]),
    ]
  })

/** What people do on such a day with the facts of it: they amend, withdraw, confirm, reject, estimate and rebuild. */
const acts = (facts: readonly Fact[]): fc.Arbitrary<Fact[]> => {
  const complaints = facts.flatMap(({ type, data }) =>
    type === 'ComplaintReceived' ? [(data as { complaintId: string }).complaintId] : [],
  )
  const causes = facts.flatMap(({ type, data, happenedMs }) =>
    type === 'AlarmRaised'
      ? [{ kind: 'alarm', id: `town/${(data as { alarmId: string }).alarmId}@${iso(happenedMs)}` }]
      : type === 'CutoverPlanned'
        ? [{ kind: 'cutover', id: (data as { cutoverId: string }).cutoverId }]
        : [],
  )
  const act = fc
    .record({
      kind: fc.constantFrom('amend', 'place', 'withdraw', 'confirm', 'reject', 'estimate', 'rehang'),
      complaintId: fc.constantFrom(...complaints),
      cause: fc.constantFrom(...causes),
      element,
      ms: momentMs,
    })
    .map(({ kind, complaintId, cause, element: elementId, ms }): Fact => {
      switch (kind) {
        case 'amend': {
          const set = { stillOut: 'yes', trouble: { from: iso(ms) }, symptom: 'no-signal' }
          return { type: 'ComplaintAmended', happenedMs: ms, data: { complaintId, set } }
        }
        case 'place': {
          const place = { location: { point: [113.303, 23.102] }, uncertaintyMeters: 150 }
          return { type: 'ComplaintAmended', happenedMs: ms, data: { complaintId, set: { place } } }
        }
        case 'withdraw':
          return { type: 'ComplaintWithdrawn', happenedMs: ms, data: { complaintId } }
        case 'confirm':
          return { type: 'CauseConfirmed', happenedMs: ms, data: { complaintId, cause } }
        case 'reject':
          return { type: 'CauseRejected', happenedMs: ms, data: { complaintId, cause } }
        case 'estimate': {
          const about = { kind: 'element', id: elementId }
          return { type: 'EndEstimated', happenedMs: ms, data: { about, expectedEnd: iso(ms + hourMs) } }
        }
        case 'rehang':
          return {
            type: 'ElementChanged',
            happenedMs: ms,
            data: { elementId: 'S2', set: { parent: elementId === 'BSC' ? 'BSC' : 'MSC' } },
          }
      }
    })
  return fc.array(act, { maxLength: 12 })
}

/** A random day with all that people publish, amend and decide, in a random order of arrival. */
export const busyDay: fc.Arbitrary<Fact[]> = fc
  .tuple(dayOfFacts, fc.array(gap, { maxLength: 2 }), fc.array(advisory, { maxLength: 2 }))
  .map((groups) => groups.flat(2) as Fact[])
  .chain((facts) => acts(facts).map((more) => [...facts, ...more]))
  .chain((facts) => fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }))

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
