import { describe, expect, test } from 'vitest'
import { advisory, type AdvisoryFact } from '../../src/domain/advisory.ts'
import {
  decideComplaint,
  evolveComplaint,
  initialComplaint,
  type ComplaintFact,
} from '../../src/domain/complaint.ts'
import { coverageGap, type GapFact } from '../../src/domain/coverage-gap.ts'
import { cutover, type CutoverFact } from '../../src/domain/cutover.ts'
import { fold } from '../../src/domain/decider.ts'
import { order, orderIdOf, type OrderFact } from '../../src/domain/order.ts'

const planned: CutoverFact = {
  type: 'CutoverPlanned',
  data: {
    cutoverId: 'CO-1',
    title: 'Swap',
    elementIds: ['S-1'],
    plannedStart: '2026-03-01T00:00:00.000Z',
    plannedEnd: '2026-03-01T02:00:00.000Z',
    work: 'swap',
  },
}
const started: CutoverFact = { type: 'CutoverStarted', data: { cutoverId: 'CO-1' } }
const finished: CutoverFact = { type: 'CutoverFinished', data: { cutoverId: 'CO-1', outcome: 'done' } }
const cancelled: CutoverFact = { type: 'CutoverCancelled', data: { cutoverId: 'CO-1' } }
const moved: CutoverFact = {
  type: 'CutoverRescheduled',
  data: {
    cutoverId: 'CO-1',
    plannedStart: '2026-03-02T00:00:00.000Z',
    plannedEnd: '2026-03-02T02:00:00.000Z',
  },
}

describe('cutover', () => {
  const outcome = (given: CutoverFact[], wish: CutoverFact): string => {
    const decision = cutover.decide(wish, fold(cutover, given))
    return decision.kind === 'accepted' ? `${decision.facts.length} facts` : decision.kind
  }
  test.each<[string, CutoverFact[], CutoverFact, string]>([
    ['nothing, plan', [], planned, '1 facts'],
    ['planned, plan', [planned], planned, 'conflict'],
    ['nothing, start', [], started, 'unknown'],
    ['planned, start', [planned], started, '1 facts'],
    ['started, start', [planned, started], started, '0 facts'],
    ['started, reschedule (it overruns)', [planned, started], moved, '1 facts'],
    ['planned, finish (its start message never came)', [planned], finished, '1 facts'],
    ['finished, finish', [planned, finished], finished, '0 facts'],
    ['finished, start', [planned, finished], started, 'conflict'],
    ['finished, cancel', [planned, finished], cancelled, 'conflict'],
    ['cancelled, reschedule', [planned, cancelled], moved, 'conflict'],
    ['cancelled, cancel', [planned, cancelled], cancelled, '0 facts'],
    ['started and never planned here, finish', [started], finished, '1 facts'],
  ])('given %s', (_name, given, wish, expected) => {
    expect(outcome(given, wish)).toBe(expected)
  })
})

describe('gap and advisory', () => {
  const reported: GapFact = {
    type: 'CoverageGapReported',
    data: {
      gapId: 'G-1',
      kind: 'blind-spot',
      area: { kind: 'circle', center: [113, 23], radiusMeters: 200 },
    },
  }
  const closed: GapFact = { type: 'CoverageGapClosed', data: { gapId: 'G-1' } }
  const changed: GapFact = {
    type: 'CoverageGapChanged',
    data: { gapId: 'G-1', set: { kind: 'weak-signal' } },
  }

  test('a gap may come back after it was closed, and is changed only while it is open', () => {
    expect(coverageGap.decide(reported, fold(coverageGap, [reported])).kind).toBe('conflict')
    expect(coverageGap.decide(reported, fold(coverageGap, [reported, closed]))).toMatchObject({
      facts: [reported],
    })
    expect(coverageGap.decide(changed, fold(coverageGap, [reported, closed])).kind).toBe('conflict')
    expect(coverageGap.decide(changed, fold(coverageGap, [])).kind).toBe('unknown')
    expect(coverageGap.decide(closed, fold(coverageGap, [reported, closed]))).toMatchObject({ facts: [] })
  })

  test('an advisory is published once and withdrawn once', () => {
    const published: AdvisoryFact = {
      type: 'AdvisoryPublished',
      data: { advisoryId: 'I-1', advisoryType: 'works', title: 'Road works', elementIds: [] },
    }
    const withdrawn: AdvisoryFact = { type: 'AdvisoryWithdrawn', data: { advisoryId: 'I-1' } }
    expect(advisory.decide(withdrawn, fold(advisory, [])).kind).toBe('unknown')
    expect(advisory.decide(published, fold(advisory, [published, withdrawn])).kind).toBe('conflict')
    expect(advisory.decide(withdrawn, fold(advisory, [published, withdrawn]))).toMatchObject({ facts: [] })
  })
})

describe('complaint', () => {
  const received: ComplaintFact = {
    type: 'ComplaintReceived',
    data: {
      complaintId: 'C-1',
      reportedAt: '2026-03-01T00:00:00.000Z',
      scope: 'network',
      trouble: {},
      stillOut: 'unknown',
    },
  }
  const withdrawn: ComplaintFact = { type: 'ComplaintWithdrawn', data: { complaintId: 'C-1' } }
  const order = (orderId?: string): ComplaintFact => ({
    type: 'ComplaintDispatched',
    data: { complaintId: 'C-1', ...(orderId === undefined ? {} : { orderId }) },
  })
  const confirm = (attributionId?: string): ComplaintFact => ({
    type: 'CauseConfirmed',
    data: {
      complaintId: 'C-1',
      cause: { kind: 'cutover', id: 'CO-1' },
      ...(attributionId === undefined ? {} : { attributionId }),
    },
  })
  const decide = (given: ComplaintFact[], wish: ComplaintFact, attributionId?: string) =>
    decideComplaint(wish, given.reduce(evolveComplaint, initialComplaint), { attributionId })

  test('nothing is done with a complaint that is not known, and nothing more with one withdrawn', () => {
    expect(decide([], confirm()).kind).toBe('unknown')
    expect(decide([received, withdrawn], confirm()).kind).toBe('conflict')
    expect(decide([received, withdrawn], withdrawn)).toEqual({ kind: 'accepted', facts: [] })
  })

  test('a verdict on an answer that has changed meanwhile shows the new answer first', () => {
    expect(decide([received], confirm('old'), 'new')).toEqual({ kind: 'changed', attributionId: 'new' })
    expect(decide([received], confirm('new'), 'new')).toMatchObject({ facts: [confirm('new')] })
    expect(decide([received], confirm(), 'new').kind).toBe('accepted')
  })

  test('one trouble, one work order: sent again it changes nothing, another number is another order', () => {
    expect(decide([received], order())).toMatchObject({ facts: [order()] })
    expect(decide([received, order('W-1')], order('W-1'))).toMatchObject({ facts: [] })
    expect(decide([received, order('W-1')], order())).toMatchObject({ facts: [] })
    expect(decide([received, order('W-1')], order('W-2'))).toMatchObject({ facts: [order('W-2')] })
  })
})

describe('an order', () => {
  const orderId = orderIdOf({ kind: 'outage', id: 'OUT-1' })
  const opened: OrderFact = {
    type: 'OrderOpened',
    data: {
      orderId,
      about: { kind: 'outage', id: 'OUT-1' },
      title: 'S-1',
      services: ['mobile'],
      place: { names: [] },
      time: { since: '2026-03-01T00:00:00.000Z' },
      evidence: {
        complaints: 1,
        customers: 1,
        elements: 0,
        alarms: 0,
        symptoms: [],
        complaintIds: [],
        elementIds: [],
      },
    },
  }
  const accepted: OrderFact = { type: 'OrderUpdated', data: { orderId, progress: 'accepted' } }
  const resolved: OrderFact = {
    type: 'OrderResolved',
    data: { orderId, resolution: 'restored', cause: 'power' },
  }
  const returned: OrderFact = { type: 'OrderReturned', data: { orderId, reason: 'not-ours' } }
  const reopened: OrderFact = { type: 'OrderReopened', data: { orderId, reason: 'still-out' } }
  const after = (...history: readonly OrderFact[]) => fold(order, history)

  test('is the same whoever asks for it, and another for another outage', () => {
    expect(orderIdOf({ kind: 'outage', id: 'OUT-1' })).toBe(orderId)
    expect(orderIdOf({ kind: 'cluster', id: 'OUT-1' })).not.toBe(orderId)
  })

  test.each<readonly [OrderFact, readonly OrderFact[], string | number]>([
    [opened, [], 1],
    [opened, [opened], 0],
    [accepted, [], 'unknown'],
    [accepted, [opened], 1],
    [accepted, [opened, accepted], 0],
    [accepted, [opened, resolved], 'conflict'],
    [accepted, [opened, accepted, returned, reopened], 1],
    [resolved, [opened], 1],
    [resolved, [opened, resolved], 0],
    [resolved, [opened, returned], 1],
    [returned, [opened, resolved], 'conflict'],
    [returned, [opened, returned], 0],
    [reopened, [opened], 0],
    [reopened, [opened, resolved], 1],
    [resolved, [opened, resolved, reopened], 1],
  ])('%j after %j', (wish, history, outcome) => {
    const decision = order.decide(wish, after(...history))
    expect(decision.kind === 'accepted' ? decision.facts.length : decision.kind).toBe(outcome)
  })
})
