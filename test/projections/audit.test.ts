import { describe, expect, it } from 'vitest'
import { auditEntries } from '../../projections/audit.ts'
import { rowsAsOf } from '../../projections/rows.ts'
import type { Event } from '../../schemas/event.ts'
import { complaint, given, outageOpened, said } from './given.ts'

const by = { source: 'api', actor: 'noc' }
const outages = ['A', 'B', 'C'].map((id) => outageOpened(id))

const order = {
  orderId: 'O-1',
  about: { kind: 'outage', id: 'A' },
  title: 'no signal',
  services: [],
  place: { names: [] },
  time: { since: '2026-03-01T04:00:00.000Z' },
  evidence: {
    complaints: 1,
    customers: 1,
    elements: 0,
    alarms: 0,
    symptoms: [],
    complaintIds: [],
    elementIds: [],
  },
}

/** What is listed under a thing. */
function under(kind: string, id: string, ...events: readonly Event[]) {
  const rows = rowsAsOf(given(...outages, ...events), undefined)
  return auditEntries(rows, { about: { kind, id } }, { limit: 100 }).items.map(({ type, details }) => ({
    type,
    details,
  }))
}
const typesUnder = (kind: string, id: string, ...events: readonly Event[]) =>
  under(kind, id, ...events)
    .map(({ type }) => type)
    .sort()

const merged = said('OutageMergedByHand', { outageId: 'B', into: 'A', reason: 'one fibre' }, by)
const undone = said('DecisionUndone', { eventId: merged.id, reason: 'ask 13800138000' }, by)

describe('the audit log by thing', () => {
  it('lists a merge and its undoing under both outages', () => {
    for (const id of ['A', 'B']) {
      expect(typesUnder('outage', id, merged, undone)).toEqual(['DecisionUndone', 'OutageMergedByHand'])
    }
    expect(typesUnder('outage', 'C', merged, undone)).toEqual([])
    expect(typesUnder('act', merged.id, merged, undone)).toEqual(['DecisionUndone'])
  })

  it('lists a merge of clusters and its undoing under both', () => {
    const word = said('ClusterMergedByHand', { intoId: 'K-1', fromId: 'K-2' }, by)
    const back = said('DecisionUndone', { eventId: word.id }, by)
    for (const id of ['K-1', 'K-2']) {
      expect(typesUnder('cluster', id, word, back)).toEqual(['ClusterMergedByHand', 'DecisionUndone'])
    }
  })

  it('lists a cause that was given to many under each of them, and what was done to an order under its outages', () => {
    const cause = { kind: 'gap', id: 'G-1' }
    const confirmed = ['C-1', 'C-2'].map((complaintId) =>
      said('CauseConfirmed', { complaintId, cause, batchId: 'batch' }, by),
    )
    const all = [complaint('C-1'), complaint('C-2'), ...confirmed]
    expect(typesUnder('complaint', 'C-2', ...all)).toEqual(['CauseConfirmed'])
    expect(typesUnder('cause-batch', 'batch', ...all)).toEqual(['CauseConfirmed', 'CauseConfirmed'])

    const opened = said('OrderOpened', order, by)
    const joins = said('OrderUpdated', { orderId: 'O-1', joins: { kind: 'outage', id: 'B' } }, by)
    const resolved = said(
      'OrderResolved',
      { orderId: 'O-1', resolution: 'restored', cause: 'mains', note: 'told Wang' },
      by,
    )
    const acts = [opened, joins, resolved]
    expect(typesUnder('outage', 'A', ...acts)).toEqual(['OrderOpened', 'OrderResolved', 'OrderUpdated'])
    expect(typesUnder('outage', 'B', ...acts)).toEqual(['OrderResolved', 'OrderUpdated'])
  })

  it('S1: tells what an act said, cut short, and nothing that may be a customer’s', () => {
    const muted = said(
      'NoticeMuted',
      { about: { kind: 'outage', id: 'A' }, until: '2026-03-01T06:00:00.000Z', reason: '断'.repeat(500) },
      by,
    )
    const assigned = said('OutageAssigned', { outageId: 'C', assignee: 'li.na', note: 'call Wang' }, by)
    const told = new Map(
      under('outage', 'A', muted, merged, undone).map(({ type, details }) => [type, details]),
    )
    expect(Object.fromEntries(told)).toEqual({
      NoticeMuted: { until: '2026-03-01T06:00:00.000Z', reason: `${'断'.repeat(199)}…` },
      OutageMergedByHand: { into: 'A', reason: 'one fibre' },
      DecisionUndone: { undone: 'OutageMergedByHand', into: 'A', reason: 'one fibre' },
    })
    expect(under('outage', 'C', assigned)).toEqual([
      { type: 'OutageAssigned', details: { assignee: 'li.na' } },
    ])
    const replied = said('ReplyGiven', { complaintId: 'C-1', words: 'dear Wang', language: 'en' }, by)
    expect(under('complaint', 'C-1', replied)).toEqual([{ type: 'ReplyGiven', details: { language: 'en' } }])
  })
})
