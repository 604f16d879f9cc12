import { describe, expect, it } from 'vitest'
import { outageById, outagesByStatus } from '../../projections/outage-queries.ts'
import type { Event } from '../../schemas/event.ts'
import { attributed, complaint, given, outageOpened, said } from './given.ts'

const engine = { source: 'engine', actor: 'engine' }
const at = (minute: number) =>
  new Date(Date.parse('2026-03-01T04:00:00.000Z') + minute * 60_000).toISOString()

const called = (complaintId: string, outcome: string, minute: number) =>
  said('CallbackMade', { complaintId, outcome }, { source: 'crm', at: at(minute) })

/** An outage of two complaints that is over. */
const over: readonly Event[] = [
  outageOpened('O-1'),
  ...['T-1', 'T-2'].flatMap((id) => [complaint(id), attributed(id, { outageId: 'O-1', state: 'ongoing' })]),
  said('OutageChanged', { outageId: 'O-1', state: 'restored' }, { ...engine, at: at(60) }),
  said('OutageEnded', { outageId: 'O-1', reason: 'restored' }, { ...engine, at: at(180) }),
]

const standing = (...more: readonly Event[]) => {
  const rows = given(...over, ...more)
  const view = outageById(rows, 'O-1')
  const listed = (status: 'open' | 'ended') =>
    outagesByStatus(rows, status, { limit: 10 }).items.map(({ outageId }) => outageId)
  // It stands in one list, the one of its status.
  expect(listed('open')).toEqual(view?.status === 'open' ? ['O-1'] : [])
  expect(listed('ended')).toEqual(view?.status === 'ended' ? ['O-1'] : [])
  return view
}

describe('a customer who was called back and is still out', () => {
  it('opens an outage that had ended, with its first beginning', () => {
    expect(standing()).toMatchObject({ status: 'ended', since: at(0) })
    const view = standing(called('T-1', 'still-out', 200))
    expect(view).toMatchObject({ status: 'open', state: 'open', since: at(0), stillOut: { complaints: 1 } })
    expect(view?.ended).toBeUndefined()
  })

  it('holds it open until each who said so is settled; then it ended when the last was', () => {
    const two = [
      called('T-1', 'still-out', 200),
      called('T-2', 'still-out', 201),
      called('T-1', 'still-out', 202),
    ]
    expect(standing(...two)).toMatchObject({ stillOut: { complaints: 2, complaintId: 'T-1' } })
    const one = [...two, called('T-1', 'fine', 210)]
    expect(standing(...one)).toMatchObject({ status: 'open', stillOut: { complaints: 1 } })
    const resolved = said(
      'ComplaintResolved',
      { complaintId: 'T-2', resolution: 'restored' },
      { at: at(220) },
    )
    expect(standing(...one, resolved)).toMatchObject({
      status: 'ended',
      ended: { at: at(220) },
      settledAt: at(220),
    })
  })

  it('lets go of it where the call is taken back, or the complaint belongs elsewhere', () => {
    const call = called('T-1', 'still-out', 200)
    const undone = said('DecisionUndone', { eventId: call.id }, { at: at(205) })
    expect(standing(call, undone)).toMatchObject({ status: 'ended', ended: { at: at(180) } })
    expect(standing(call, attributed('T-1', {}, { at: at(205) }))).toMatchObject({ status: 'ended' })
  })

  it('holds nothing open that goes on by the engine’s word', () => {
    const back = said('OutageChanged', { outageId: 'O-1', state: 'open' }, { ...engine, at: at(100) })
    const events = [...over.slice(0, -1), called('T-1', 'still-out', 90), back]
    const view = outageById(given(...events), 'O-1')
    expect(view).toMatchObject({ status: 'open', state: 'open' })
    expect(view?.stillOut).toBeUndefined()
  })

  it('opens nothing where it is history loaded from files', () => {
    const old = said(
      'CallbackMade',
      { complaintId: 'T-1', outcome: 'still-out' },
      { at: at(200), backfilled: true },
    )
    expect(standing(old)).toMatchObject({ status: 'ended' })
  })
})
