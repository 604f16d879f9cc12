import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allProjections } from '../../projections/all-projections.ts'
import { eachRow, type Rows } from '../../projections/rows.ts'
import {
  complaintTallies,
  countedComplaints,
  countedElements,
  countedOutages,
  outageTallies,
  subscribersBy,
  type CountedComplaint,
} from '../../projections/statistics-row.ts'
import { hasSubscribers, sharesOfComplaint, sharesOfOutage } from '../../projections/statistics-shares.ts'
import type { Share } from '../../projections/tally.ts'
import type { Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { streamOf } from '../../schemas/stream.ts'
import { projectEvents } from '../../src/pipeline/project-events.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import { arbitraryEvents } from '../arbitrary-events.ts'
import { complaint, inLog, said } from './given.ts'

function project(events: readonly Event[]): Rows {
  const store = openMemoryRowStore()
  projectEvents(store, allProjections)(inLog(events))
  return store
}

/** Every count, by dimension-free name, in no order. */
function figuresIn(rows: Rows): object {
  return {
    complaints: rows.scan(complaintTallies.name, { limit: 9_000 }).rows.map(({ key, value }) => [key, value]),
    outages: rows.scan(outageTallies.name, { limit: 9_000 }).rows.map(({ key, value }) => [key, value]),
    subscribers: rows.scan(subscribersBy.name, { limit: 9_000 }).rows.map(({ key, value }) => [key, value]),
  }
}

/** The same sums, made at once of what everything adds at last. */
function summed(shares: readonly Share[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { day, under, counts } of shares) {
    for (const [dimension, value] of under) {
      for (const [name, count] of Object.entries(counts)) {
        const at = [dimension, day, value, name].join('|')
        sums.set(at, (sums.get(at) ?? 0) + count)
      }
    }
  }
  return sums
}

function told(rows: Rows, from: typeof complaintTallies): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { key, value } of rows.scan(from.name, { limit: 9_000 }).rows) {
    const { day, value: name, counts } = value as { day: string; value: string; counts: object }
    const [dimension = ''] = key.split('\u001f')
    for (const [counted, count] of Object.entries(counts)) {
      sums.set([dimension, day, name, counted].join('|'), Number(count))
    }
  }
  return sums
}

/** Who called when, looked at all at once. */
function callsSeen(all: readonly CountedComplaint[]): ReadonlyMap<string, unknown> {
  const weekMs = 7 * 86_400_000
  const calls = all.filter(
    ({ customerRef, withdrawals }) => customerRef !== undefined && withdrawals.length === 0,
  )
  const order = ({ reportedAt, complaintId }: CountedComplaint) => `${reportedAt} ${complaintId}`
  return new Map(
    calls.map((call) => {
      const others = calls.filter(
        (other) =>
          other !== call &&
          other.customerRef === call.customerRef &&
          Math.abs(toMs(other.reportedAt) - toMs(call.reportedAt)) <= weekMs,
      )
      return [
        call.complaintId,
        {
          before: others.some((other) => order(other) < order(call)),
          after: others.some((other) => order(other) > order(call)),
        },
      ]
    }),
  )
}

/** What the figures are made of, most of all complaints, so that each meets many changes. */
const ofFigures = (event: Event): boolean =>
  !['AlarmRaised', 'AlarmChanged', 'AlarmCleared', 'CustomersSilentReported', 'ClockTicked'].includes(
    event.type,
  )

describe('figures by day', () => {
  test('are the sums of what everything adds at last, after revisions, amendments, withdrawals and undoing', () => {
    fc.assert(
      fc.property(arbitraryEvents({ minLength: 50, maxLength: 400 }), (events) => {
        const rows = project(events.filter(ofFigures))
        const complaints = [...eachRow(rows, countedComplaints)]
        const outages = [...eachRow(rows, countedOutages)]
        expect(told(rows, complaintTallies)).toEqual(summed(complaints.flatMap(sharesOfComplaint)))
        expect(told(rows, outageTallies)).toEqual(summed(outages.flatMap(sharesOfOutage)))
        const inForce = complaints.filter(({ withdrawals }) => withdrawals.length === 0)
        expect(
          new Map(inForce.flatMap(({ complaintId, calls }) => (calls ? [[complaintId, calls]] : []))),
        ).toEqual(callsSeen(complaints))
      }),
      { seed: 21, numRuns: 60 },
    )
  })

  test('tell who called again within seven days, in whatever order calls come, are withdrawn and stand again', () => {
    const call = fc.record({
      customer: fc.nat(1),
      hour: fc.nat(24 * 40),
      isWithdrawn: fc.boolean(),
      isBack: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
        const received = calls.map(({ customer, hour }, at) => {
          const moment = new Date(Date.UTC(2026, 2, 1, hour)).toISOString()
          return complaint(`C-${at}`, { customerRef: `customer-${customer}` }, { at: moment })
        })
        const withdrawn = calls.flatMap(({ isWithdrawn, isBack }, at) => {
          if (!isWithdrawn) return []
          const event = said('ComplaintWithdrawn', { complaintId: `C-${at}` })
          return isBack ? [event, said('DecisionUndone', { eventId: event.id })] : [event]
        })
        const rows = project([...received, ...withdrawn])
        const complaints = [...eachRow(rows, countedComplaints)]
        const standing = complaints.filter(({ withdrawals }) => withdrawals.length === 0)
        expect(new Map(standing.map(({ complaintId, calls: sides }) => [complaintId, sides]))).toEqual(
          callsSeen(complaints),
        )
      }),
      { seed: 24, numRuns: 60 },
    )
  })

  test('come out the same in whatever order complaints, decisions, outages and elements are told', () => {
    fc.assert(
      fc.property(
        arbitraryEvents({ minLength: 20, maxLength: 250 }),
        fc.array(fc.nat(1_000_000), { minLength: 250, maxLength: 250 }),
        (events, draws) => {
          const whole = events.filter((event) => ofFigures(event) && event.type !== 'RulesetActivated')
          expect(figuresIn(project(interleaved(whole, draws)))).toEqual(
            figuresIn(project(inOrderOfSubjects(whole))),
          )
        },
      ),
      { seed: 22, numRuns: 60 },
    )
  })

  test('count the subscribers of elements that have them, but not twice above elements that do', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            type: fc.constantFrom('ElementRegistered', 'ElementChanged', 'ElementRetired'),
            id: fc.nat(5),
            parent: fc.option(fc.nat(5), { nil: undefined }),
            subscribers: fc.option(fc.nat(50), { nil: undefined }),
          }),
          { maxLength: 40 },
        ),
        (steps) => {
          const rows = project(steps.map(({ type, ...step }, at) => inventoryEvent(type, step, at)))
          const counted = [...rows.scan(countedElements.name, { limit: 100 }).rows].map(({ key, value }) => ({
            id: key,
            ...(value as { facts?: { parent?: string; subscribers?: number }; below: number }),
          }))
          const having = counted.filter((row) => hasSubscribers(row as never))
          const sum = having
            .filter(({ id }) => !having.some(({ facts }) => facts?.parent === id))
            .reduce((total, { facts }) => total + (facts?.subscribers ?? 0), 0)
          const all = rows.get(subscribersBy.name, 'all\u001f') as
            { counts: { subscribers: number } } | undefined
          expect(all?.counts.subscribers ?? 0).toBe(sum)
        },
      ),
      { seed: 23, numRuns: 100 },
    )
  })
})

function inventoryEvent(
  type: string,
  { id, parent, subscribers }: { id: number; parent: number | undefined; subscribers: number | undefined },
  at: number,
): Event {
  const elementId = `E-${id}`
  const fields = {
    ...(parent !== undefined && { parent: `E-${parent}` }),
    ...(subscribers !== undefined && { subscribers }),
  }
  const data = {
    ElementRegistered: { elementId, kind: 'site', name: elementId, ...fields },
    ElementChanged: { elementId, set: fields, ...(parent === undefined && { unset: ['parent'] }) },
    ElementRetired: { elementId },
  }[type]
  const moment = new Date(Date.UTC(2026, 2, 1) + at * 1000).toISOString()
  return {
    id: `00000000-0000-5000-8000-${String(at).padStart(12, '0')}`,
    type,
    schemaVersion: 1,
    occurredAt: moment,
    recordedAt: moment,
    data,
    meta: { source: 'nms', actor: 'unverified' },
  } as unknown as Event
}

/** What must stay in order: all that is said of one thing, with what is taken back of it. */
function subjectsOf(events: readonly Event[]): readonly (readonly Event[])[] {
  const subjectOf = new Map<string, string>()
  const subjects = new Map<string, Event[]>()
  for (const event of events) {
    const data = event.data as {
      complaintId?: string
      outageId?: string
      elementId?: string
      eventId?: string
    }
    const own = data.complaintId ?? data.outageId ?? data.elementId
    const subject =
      event.type === 'DecisionUndone'
        ? (subjectOf.get(event.data.eventId) ?? 'none')
        : own === undefined
          ? streamOf(event)
          : own
    subjectOf.set(event.id, subject)
    subjects.set(subject, [...(subjects.get(subject) ?? []), event])
  }
  return [...subjects.values()]
}

function inOrderOfSubjects(events: readonly Event[]): readonly Event[] {
  return subjectsOf(events).flat()
}

function interleaved(events: readonly Event[], draws: readonly number[]): readonly Event[] {
  const left = subjectsOf(events).map((subject) => [...subject])
  const order: Event[] = []
  for (let turn = 0; order.length < events.length; turn += 1) {
    const open = left.filter((subject) => subject.length > 0)
    const next = open[(draws[turn % draws.length] ?? 0) % open.length]?.shift()
    if (next !== undefined) order.push(next)
  }
  return order
}
