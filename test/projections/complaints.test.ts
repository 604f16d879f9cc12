import { describe, expect, it } from 'vitest'
import {
  complaintById,
  complaintsOfCluster,
  complaintsOfCustomer,
  complaintsOfDay,
  complaintsOfOutage,
  complaintStory,
  complaintsToDispatch,
} from '../../projections/complaint-queries.ts'
import { clusterById, clustersByStatus, clustersInBox } from '../../projections/cluster.ts'
import { clustersByCause } from '../../projections/cluster-cause.ts'
import {
  outageById,
  outagesByCause,
  outagesByStatus,
  outagesInBox,
} from '../../projections/outage-queries.ts'
import type { Page } from '../../projections/page.ts'
import type { CauseRef } from '../../schemas/attribution.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'
import { attributed, complaint, given, outageOpened, said } from './given.ts'

const all = { limit: 100 }
const ids = (page: Page<{ complaintId: string }>) => page.items.map(({ complaintId }) => complaintId)
const at = (time: string) => ({ at: `2026-03-01T${time}:00.000Z` })

describe('a complaint', () => {
  it('tells its whole story in order, and its current attribution with evidence', () => {
    const first = attributed('C1', { band: 'ask' })
    const rows = given(
      complaint('C1', { customerRef: 'k1' }),
      first,
      attributed('C1', { supersedes: first.id, changed: ['band'], outageId: 'O1' }),
      said('ReplyGiven', { complaintId: 'C1', words: '工程施工', language: 'zh' }, { actor: 'desk-3' }),
      said('NoteAdded', { about: { kind: 'complaint', id: 'C1' }, text: 'called twice' }),
    )
    const view = complaintById(rows, 'C1')
    expect(view).toMatchObject({ status: 'answered', attributions: 2, notes: 1, outageId: 'O1' })
    expect(view?.current?.attribution.evidence).toHaveLength(1)
    expect(view?.replies?.at(-1)).toMatchObject({ words: '工程施工', actor: 'desk-3' })
    expect(complaintStory(rows, 'C1', all).items.map(({ type }) => type)).toEqual([
      'ComplaintReceived',
      'CauseAttributed',
      'CauseAttributed',
      'ReplyGiven',
      'NoteAdded',
    ])
  })

  it('is open, answered, dispatched, resolved or withdrawn, and each act can be taken back', () => {
    const steps = [
      complaint('C1'),
      said('ReplyGiven', { complaintId: 'C1', words: 'w', language: 'en' }),
      said('ComplaintDispatched', { complaintId: 'C1' }),
      said('ComplaintResolved', { complaintId: 'C1', resolution: 'restored' }),
      said('ComplaintWithdrawn', { complaintId: 'C1' }),
    ]
    const statuses = steps.map((_, last) => complaintById(given(...steps.slice(0, last + 1)), 'C1')?.status)
    expect(statuses).toEqual(['open', 'answered', 'dispatched', 'resolved', 'withdrawn'])
    const undoings = steps
      .slice(1)
      .reverse()
      .map(({ id }) => said('DecisionUndone', { eventId: id }))
    const back = undoings.map(
      (_, last) => complaintById(given(...steps, ...undoings.slice(0, last + 1)), 'C1')?.status,
    )
    expect(back).toEqual(['resolved', 'dispatched', 'answered', 'open'])
  })

  it('waits for dispatch until it is resolved, and never when it is history loaded from a file', () => {
    const band = { band: 'dispatch', verdict: 'unexplained' }
    const waiting = [complaint('C1'), attributed('C1', band)]
    expect(ids(complaintsToDispatch(given(...waiting), all))).toEqual(['C1'])
    const resolved = said('ComplaintResolved', { complaintId: 'C1', resolution: 'no-fault-found' })
    expect(ids(complaintsToDispatch(given(...waiting, resolved), all))).toEqual([])
    expect(ids(complaintsToDispatch(given(...waiting, attributed('C1')), all))).toEqual([])
    const history = given(complaint('C2', {}, { backfilled: true }), attributed('C2', band))
    expect(ids(complaintsToDispatch(history, all))).toEqual([])
  })

  it('is listed by customer and day, newest first, page after page', () => {
    const rows = given(
      complaint('C1', { customerRef: 'k' }, at('01:00')),
      complaint('C3', { customerRef: 'k' }, at('03:00')),
      complaint('C2', { customerRef: 'k' }, at('02:00')),
      complaint('C4', { customerRef: 'k2' }, at('04:00')),
    )
    expect(ids(complaintsOfDay(rows, '2026-03-01', all))).toEqual(['C4', 'C3', 'C2', 'C1'])
    const first = complaintsOfCustomer(rows, 'k', { limit: 2 })
    expect(ids(first)).toEqual(['C3', 'C2'])
    expect(ids(complaintsOfCustomer(rows, 'k', { limit: 2, cursor: first.next }))).toEqual(['C1'])
  })

  it('keeps apart the lists of ids that begin alike', () => {
    const rows = given(
      complaint('C1', { customerRef: 'a' }),
      complaint('C2', { customerRef: 'a/b' }),
      complaint('C3', { customerRef: 'a\u001fb' }),
    )
    expect(ids(complaintsOfCustomer(rows, 'a', all))).toEqual(['C1'])
  })
})

describe('an outage', () => {
  const named = (outageId: string) => ({
    outageId,
    root: { kind: 'alarm', id: 'nms/1@2026-03-01T04:00:00.000Z' },
  })

  it('counts complaints and distinct customers as they come and go', () => {
    const events = [
      outageOpened('O1'),
      complaint('C1', { customerRef: 'k' }),
      attributed('C1', named('O1')),
      complaint('C2', { customerRef: 'k' }),
      attributed('C2', named('O1')),
      complaint('C3'),
      attributed('C3', named('O1')),
    ]
    expect(outageById(given(...events), 'O1')).toMatchObject({ complaints: 3, customers: 2 })
    const withdrawn = said('ComplaintWithdrawn', { complaintId: 'C3' })
    expect(outageById(given(...events, withdrawn), 'O1')).toMatchObject({ complaints: 2, customers: 1 })
    const moved = attributed('C1', { verdict: 'unexplained' })
    const rows = given(...events, moved)
    expect(outageById(rows, 'O1')).toMatchObject({ complaints: 2, customers: 2 })
    expect(ids(complaintsOfOutage(rows, 'O1', all)).sort()).toEqual(['C2', 'C3'])
  })

  it('that turned out to be another answers under both ids with all members', () => {
    const rows = given(
      outageOpened('O1'),
      outageOpened('O2'),
      complaint('C1'),
      attributed('C1', named('O1')),
      complaint('C2'),
      attributed('C2', named('O2')),
      said('OutageChanged', { outageId: 'O1', absorbed: ['O2'] }),
      said('OutageEnded', { outageId: 'O2', reason: 'merged', into: 'O1' }),
    )
    for (const id of ['O1', 'O2']) {
      expect(outageById(rows, id)).toMatchObject({ outageId: 'O1', complaints: 2, parts: ['O1', 'O2'] })
      expect(ids(complaintsOfOutage(rows, id, all))).toEqual(['C1', 'C2'])
    }
    expect(complaintById(rows, 'C2')?.outageId).toBe('O1')
    expect(outagesByStatus(rows, 'open', all).items.map(({ outageId }) => outageId)).toEqual(['O1'])
    expect(outagesByStatus(rows, 'ended', all).items).toEqual([])
  })

  it('is found by area and by every root that it had, with who works on it', () => {
    const deeper = { kind: 'cutover', id: 'CO-118' }
    const assign = said('OutageAssigned', { outageId: 'O1', assignee: 'Chen' }, { actor: 'noc' })
    const events = [
      outageOpened('O1', { box: [113.2, 23.0, 113.5, 23.2] }),
      said('OutageChanged', { outageId: 'O1', root: deeper, title: 'CO-118' }),
      said('OutageAcknowledged', { outageId: 'O1' }, { actor: 'noc' }),
      assign,
      said('EndEstimated', { about: { kind: 'outage', id: 'O1' }, expectedEnd: '2026-03-01T14:00:00+08:00' }),
    ]
    const rows = given(...events)
    for (const cause of [deeper, { kind: 'alarm', id: 'nms/1@2026-03-01T04:00:00.000Z' }] as const) {
      expect(outagesByCause(rows, cause as never, all).items[0]).toMatchObject({
        outageId: 'O1',
        title: 'CO-118',
      })
    }
    expect(outagesInBox(rows, 'open', [113.3, 23.1, 113.31, 23.11], all).items[0]).toMatchObject({
      outageId: 'O1',
      expectedEnd: '2026-03-01T06:00:00.000Z',
      acknowledged: [{ actor: 'noc' }],
      assigned: [{ assignee: 'Chen' }],
    })
    expect(outagesInBox(rows, 'open', [114, 23.1, 114.1, 23.2], all).items).toEqual([])
    const undone = given(...events, said('DecisionUndone', { eventId: assign.id }))
    expect(outageById(undone, 'O1')?.assigned).toBeUndefined()
  })

  it('counts the elements and alarms that hang on it', () => {
    const correlated = (alarm: string, elementId: string, root: boolean) =>
      said('AlarmCorrelated', {
        alarm: { kind: 'alarm', id: alarm },
        elementId,
        ...(root && { root: { kind: 'alarm', id: 'r' }, relation: 'upstream', outageId: 'O1' }),
      })
    const events = [
      outageOpened('O1'),
      correlated('a', 'S1', true),
      correlated('b', 'S1', true),
      correlated('c', 'S2', true),
    ]
    expect(outageById(given(...events), 'O1')).toMatchObject({ elements: 2, alarms: 3 })
    expect(outageById(given(...events, correlated('c', 'S2', false)), 'O1')).toMatchObject({
      elements: 1,
      alarms: 2,
    })
  })
})

describe('a cluster', () => {
  const opened = (clusterId: string, ...complaintIds: readonly string[]) =>
    said('ClusterOpened', { clusterId, family: 'signal', complaintIds, center: [113.3, 23.1] })
  const people = ['C1', 'C2', 'C3', 'C4'].map((id) => complaint(id, { customerRef: id }))

  it('merged by the engine keeps the older id, and members answer under it', () => {
    const rows = given(
      ...people,
      opened('K1', 'C1', 'C2'),
      opened('K2', 'C3'),
      said('ComplaintClustered', { complaintId: 'C4', clusterId: 'K2' }),
      said('ClustersMerged', { intoId: 'K1', fromId: 'K2' }),
      said('ClusterClosed', { clusterId: 'K2', reason: 'merged' }),
    )
    expect(clusterById(rows, 'K2')).toMatchObject({ clusterId: 'K1', complaints: 4, customers: 4 })
    expect(complaintById(rows, 'C4')?.clusterId).toBe('K1')
    expect(ids(complaintsOfCluster(rows, 'K2', all)).sort()).toEqual(['C1', 'C2', 'C3', 'C4'])
    expect(clustersByStatus(rows, 'open', all).items).toHaveLength(1)
    expect(clustersInBox(rows, 'open', [113, 23, 114, 24], all).items).toHaveLength(1)
  })

  it('merged or split by hand is an overlay that can be taken back', () => {
    const merge = said('ClusterMergedByHand', { intoId: 'K1', fromId: 'K2' })
    const split = said('ClusterSplitByHand', { clusterId: 'K1', newClusterId: 'K9', complaintIds: ['C2'] })
    const events = [...people, opened('K1', 'C1', 'C2'), opened('K2', 'C3'), merge, split]
    const rows = given(...events)
    expect(clusterById(rows, 'K2')).toMatchObject({ clusterId: 'K1', complaints: 2 })
    expect(clusterById(rows, 'K9')).toMatchObject({ complaints: 1, splitFrom: { clusterId: 'K1' } })
    expect(complaintById(rows, 'C2')?.clusterId).toBe('K9')
    const back = given(
      ...events,
      said('DecisionUndone', { eventId: merge.id }),
      said('DecisionUndone', { eventId: split.id }),
    )
    expect(clusterById(back, 'K1')).toMatchObject({ complaints: 2, parts: ['K1'] })
    expect(clusterById(back, 'K2')).toMatchObject({ clusterId: 'K2', complaints: 1 })
    expect(clusterById(back, 'K9')).toMatchObject({ status: 'closed', complaints: 0 })
    expect(complaintById(back, 'C2')?.clusterId).toBe('K1')
  })

  it('merged into itself or in a ring still answers', () => {
    const rows = given(
      ...people,
      opened('K1', 'C1'),
      opened('K2', 'C2'),
      said('ClusterMergedByHand', { intoId: 'K1', fromId: 'K1' }),
      said('ClusterMergedByHand', { intoId: 'K1', fromId: 'K2' }),
      said('ClusterMergedByHand', { intoId: 'K2', fromId: 'K1' }),
    )
    expect(clusterById(rows, 'K2')).toMatchObject({ clusterId: 'K1', complaints: 2 })
  })

  it('is found by the causes of its complaints, once, also where it was merged', () => {
    const alarm = { kind: 'alarm', id: 'nms/1@2026-03-01T04:00:00.000Z' } as const
    const cutover = { kind: 'cutover', id: 'CO-1' } as const
    const found = (rows: RowStore, cause: CauseRef) =>
      clustersByCause(rows, cause, all).items.map(({ clusterId }) => clusterId)
    const events = [
      ...people,
      attributed('C1', { direct: alarm, root: cutover }),
      opened('K1', 'C1', 'C2'),
      opened('K2', 'C3'),
      attributed('C3', { direct: alarm, root: alarm }),
    ]
    const rows = given(...events)
    expect(found(rows, cutover)).toEqual(['K1'])
    expect(found(rows, alarm)).toEqual(['K1', 'K2'])
    expect(found(rows, { kind: 'gap', id: 'CO-1' })).toEqual([])
    const merged = given(...events, said('ClustersMerged', { intoId: 'K1', fromId: 'K2' }))
    expect(found(merged, alarm)).toEqual(['K1'])
    const revised = given(
      ...events,
      attributed('C1', { verdict: 'unexplained' }, { at: '2026-03-01T04:10:00.000Z' }),
    )
    expect(found(revised, cutover)).toEqual([])
    const withdrawn = given(...events, said('ComplaintWithdrawn', { complaintId: 'C3' }))
    expect(found(withdrawn, alarm)).toEqual(['K1'])
  })
})
