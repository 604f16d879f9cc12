import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterById } from '../../projections/cluster.ts'
import { complaintById } from '../../projections/complaint-queries.ts'
import { outageById } from '../../projections/outage-queries.ts'
import type { Page, PageRequest } from '../../projections/page.ts'
import type { Rows } from '../../projections/rows.ts'
import { clustersAt, clusterThen, complaintThen, outagesAt, outageThen } from '../../projections/world-at.ts'
import { toInstant } from '../../schemas/instant.ts'
import { arbitraryEvents } from '../arbitrary-events.ts'
import { attributed, complaint, given, outageOpened, said } from './given.ts'

const at = (time: string) => `2026-03-01T${time}:00.000Z`

const alarm = (type: 'AlarmRaised' | 'AlarmCleared', time: string, recorded = time) =>
  said(
    type,
    {
      alarmId: 'A',
      elementId: 'S',
      ...(type === 'AlarmRaised' && {
        alarmType: 'COMMUNICATIONS_ALARM',
        probableCause: 'outOfService',
        perceivedSeverity: 'CRITICAL',
      }),
    },
    { at: at(time), recordedAt: at(recorded) },
  )

const root = { kind: 'alarm', id: `nms/A@${at('10:00')}` }
const opened = outageOpened('OUT-1', { root, since: at('10:00') }, { at: at('10:20') })
const ended = said(
  'OutageEnded',
  { outageId: 'OUT-1', reason: 'restored' },
  { at: at('13:00'), source: 'engine' },
)

function statusAt(rows: Rows, time: string): string | undefined {
  const outage = outageById(rows, 'OUT-1')
  return outage && outageThen(rows, outage, at(time)).status
}

/** All pages of a list, a few at a time. */
function idsOf<Item>(list: (page: PageRequest) => Page<Item>, idOf: (item: Item) => string): string[] {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = list({ limit: 2, cursor })
    ids.push(...page.items.map(idOf))
    cursor = page.next
  } while (cursor !== undefined)
  return ids.toSorted()
}

describe('what was true in the world at a moment, as it is known now', () => {
  test('an outage is open from the beginning of its root to its end, however late both were told', () => {
    const rows = given(
      alarm('AlarmRaised', '10:00', '10:20'),
      opened,
      alarm('AlarmCleared', '12:00', '12:40'),
      ended,
    )
    expect(['09:59', '10:00', '11:59', '12:00'].map((time) => statusAt(rows, time))).toEqual([
      'not-begun',
      'open',
      'open',
      'over',
    ])
  })

  test('an alarm raised again within the dwell goes on with its trouble; one raised later does not', () => {
    const flapping = [
      alarm('AlarmRaised', '10:00'),
      opened,
      alarm('AlarmCleared', '11:00'),
      alarm('AlarmRaised', '11:10'),
    ]
    const clears = [alarm('AlarmCleared', '11:30'), alarm('AlarmRaised', '12:30')]
    expect(['11:05', '11:40'].map((time) => statusAt(given(...flapping), time))).toEqual(['open', 'open'])
    expect(['11:05', '11:40'].map((time) => statusAt(given(...flapping, ...clears), time))).toEqual([
      'open',
      'over',
    ])
  })

  test('one that was ended for another reason is over from then on, though its root lasts', () => {
    const rows = given(alarm('AlarmRaised', '10:00'), opened, ended)
    expect(['12:59', '13:00'].map((time) => statusAt(rows, time))).toEqual(['open', 'over'])
  })

  test('a complaint tells what of its chain was in force, and what had been done; what was taken back was never so', () => {
    const reply = said(
      'ReplyGiven',
      { complaintId: 'C', words: '好', language: 'zh' },
      { at: at('10:40'), source: 'crm' },
    )
    const dispatch = said('ComplaintDispatched', { complaintId: 'C' }, { at: at('10:50'), source: 'crm' })
    const chain = [
      { relation: 'explains', cause: root, title: 'S', elementId: 'S', from: at('10:00'), state: 'ongoing' },
      {
        relation: 'cutover',
        cause: { kind: 'cutover', id: 'CO' },
        title: '割接',
        from: at('09:30'),
        to: at('11:00'),
        state: 'ongoing',
      },
    ]
    const rows = given(
      alarm('AlarmRaised', '10:00'),
      complaint('C', { trouble: { from: at('10:05') } }, { at: at('10:30') }),
      attributed('C', { chain, root, outageId: 'OUT-1' }, { at: at('10:31') }),
      opened,
      reply,
      dispatch,
      said('DecisionUndone', { eventId: dispatch.id }, { at: at('11:00'), source: 'crm' }),
      alarm('AlarmCleared', '12:00'),
    )
    const view = complaintById(rows, 'C')
    if (view === undefined) throw new Error('it was received')
    const then = (time: string) => complaintThen(rows, view, at(time))
    expect(then('09:45')).toMatchObject({
      trouble: 'not-begun',
      status: 'not-reported',
      causes: [{ status: 'not-begun' }, { status: 'open', to: at('11:00') }],
      outage: { outageId: 'OUT-1', status: 'not-begun' },
    })
    expect(then('10:35')).toMatchObject({ trouble: 'open', status: 'open', causes: [{ status: 'open' }, {}] })
    expect(then('10:55')).toMatchObject({ status: 'answered', outage: { status: 'open' } })
    expect(then('12:30')).toMatchObject({ causes: [{ status: 'over', to: at('12:00') }, { status: 'over' }] })
  })

  test('lists hold just what was open then, each once', () => {
    fc.assert(
      fc.property(
        arbitraryEvents({ minLength: 40, maxLength: 200 }),
        fc.integer({ min: -2_000, max: 2_000 }),
        (events, minutes) => {
          const rows = given(...events)
          const time = toInstant(Date.UTC(2026, 2, 1) + minutes * 60_000)
          const ids = (name: string) => Array.from({ length: 6 }, (_, n) => `${name}-${n}`)
          const outages = ids('outage').filter((id) => {
            const outage = outageById(rows, id)
            return outage?.outageId === id && outageThen(rows, outage, time).status === 'open'
          })
          const clusters = ids('cluster').filter((id) => {
            const cluster = clusterById(rows, id)
            return cluster?.clusterId === id && clusterThen(cluster, time).status === 'open'
          })
          expect(
            idsOf(
              (page) => outagesAt(rows, time, page),
              ({ outageId }) => outageId,
            ),
          ).toEqual(outages)
          expect(
            idsOf(
              (page) => clustersAt(rows, time, page),
              ({ clusterId }) => clusterId,
            ),
          ).toEqual(clusters)
        },
      ),
      { seed: 21, numRuns: 150 },
    )
  })
})
