import { describe, expect, it } from 'vitest'
import { outageById, outagesByStatus } from '../../projections/outage-queries.ts'
import type { Event } from '../../schemas/event.ts'
import { attributed, complaint, given, outageOpened, said } from './given.ts'

const engine = { source: 'engine', actor: 'engine' }
const at = (minute: number) =>
  new Date(Date.parse('2026-03-01T04:00:00.000Z') + minute * 60_000).toISOString()

const joined = (outageId: string, into: string, minute = 10) =>
  said('OutageMergedByHand', { outageId, into }, { source: 'api', actor: 'noc', at: at(minute) })
const parted = ({ id }: Event, minute = 90) => said('DecisionUndone', { eventId: id }, { at: at(minute) })
const merged = (outageId: string, into: string, minute: number) =>
  said('OutageEnded', { outageId, reason: 'merged', into }, { ...engine, at: at(minute) })
const again = (outageId: string, splitFrom: string, minute: number) =>
  outageOpened(outageId, { splitFrom }, { at: at(minute) })
const changed = (outageId: string, state: string, minute: number) =>
  said('OutageChanged', { outageId, state }, { ...engine, at: at(minute) })
const restored = (outageId: string, minute: number) =>
  said('OutageEnded', { outageId, reason: 'restored' }, { ...engine, at: at(minute) })

const three = ['A', 'B', 'C'].map((id, hour) => outageOpened(id, {}, { at: at(hour) }))

/** What each id stands for, and what is listed as open. */
const heads = (...events: readonly Event[]) => {
  const rows = given(...three, ...events)
  const open = outagesByStatus(rows, 'open', { limit: 10 }).items.map(({ outageId }) => outageId)
  return {
    of: ['A', 'B', 'C'].map((id) => outageById(rows, id)?.outageId).join(' '),
    open: open.sort().join(' '),
  }
}

describe('outages that people joined', () => {
  const word = joined('B', 'A')

  it('stay one whatever the engine merges and splits, and are what it made of them when that is taken back (P1)', () => {
    expect(heads(word)).toEqual({ of: 'A A C', open: 'A C' })
    expect(heads(word, parted(word))).toEqual({ of: 'A B C', open: 'A B C' })
    // The part goes into a third one: that is one with both.
    expect(heads(word, merged('B', 'C', 20))).toEqual({ of: 'A A A', open: 'A' })
    expect(heads(word, merged('B', 'C', 20), parted(word))).toEqual({ of: 'A C C', open: 'A C' })
    expect(heads(word, merged('B', 'C', 20), again('B', 'C', 30))).toEqual({ of: 'A A C', open: 'A C' })
    // The engine makes one of the same two, this way round or that; the word stands when it parts them again.
    expect(heads(word, merged('B', 'A', 20), parted(word))).toEqual({ of: 'A A C', open: 'A C' })
    expect(heads(word, merged('A', 'B', 20), parted(word))).toEqual({ of: 'B B C', open: 'B C' })
    expect(heads(word, merged('A', 'B', 20), again('A', 'B', 30))).toEqual({ of: 'A A C', open: 'A C' })
  })

  it('stand no better than the worst of them, and by themselves when they are parted', () => {
    const stageOf = (id: string, ...events: readonly Event[]) =>
      outageById(given(...three, word, ...events), id)
    const over = [changed('A', 'restored', 20), restored('A', 60)]
    expect(stageOf('A', ...over)).toMatchObject({ stage: 'open', status: 'open' })
    expect(stageOf('A', ...over)?.restoredAt).toBeUndefined()
    const both = [...over, changed('B', 'watched', 70), changed('B', 'restored', 75)]
    expect(stageOf('A', ...both)).toMatchObject({ stage: 'restored', restoredAt: at(75) })
    expect(stageOf('A', ...both, restored('B', 80))).toMatchObject({ stage: 'ended', ended: { at: at(80) } })
    expect(stageOf('A', ...both, parted(word))).toMatchObject({ stage: 'ended', ended: { at: at(60) } })
    expect(stageOf('B', ...both, parted(word))).toMatchObject({ stage: 'restored', since: at(1) })
  })

  it('are held open by who is still out until that is settled, also where they become one meanwhile', () => {
    const call = (complaintId: string, outcome: string, minute: number) =>
      said('CallbackMade', { complaintId, outcome }, { source: 'crm', at: at(minute) })
    const over = (id: string): readonly Event[] => [
      complaint(`T-${id}`),
      attributed(`T-${id}`, { outageId: id, state: 'ongoing' }),
      changed(id, 'restored', 20),
      call(`T-${id}`, 'still-out', 40),
    ]
    for (const one of [joined('B', 'A', 50), merged('B', 'A', 50)]) {
      const stageOf = (...events: readonly Event[]) =>
        outageById(given(...three, ...over('A'), ...over('B'), one, ...events), 'B')?.stage
      expect(stageOf(), one.type).toBe('open')
      expect(stageOf(call('T-A', 'fine', 60)), one.type).toBe('open')
      expect(stageOf(call('T-B', 'fine', 60)), one.type).toBe('open')
      expect(stageOf(call('T-A', 'fine', 60), call('T-B', 'declined', 61)), one.type).toBe('restored')
    }
  })
})
