import { describe, expect, it } from 'vitest'
import { allProjections } from '../../projections/all-projections.ts'
import type { Event } from '../../schemas/event.ts'
import { liveMessage, type LiveMessage, type LiveTopic } from '../../schemas/live.ts'
import { toPosition } from '../../src/event-log/position.ts'
import { createLiveFeed, type LiveFeedLimits } from '../../src/pipeline/live-feed.ts'
import { projectEvents } from '../../src/pipeline/project-events.ts'
import { openMemoryRowStore } from '../../src/row-store/memory-row-store.ts'
import { attributed, complaint, outageOpened, said } from '../projections/given.ts'

/** A live feed over rows that events are projected into, as the projector does it. */
function liveOver(limits: Partial<LiveFeedLimits> = {}) {
  const rows = openMemoryRowStore()
  const feed = createLiveFeed({ rows, ...limits })
  const project = projectEvents(rows, allProjections)
  let ordinal = 0
  const happen = (...events: readonly Event[]) => {
    const recorded = events.map((event) => {
      ordinal += 1
      return { ...event, stream: 'any', revision: ordinal, position: toPosition(ordinal) }
    })
    const current = project(recorded)
    feed.take({ position: toPosition(ordinal), events: current, live: true })
  }
  happen(said('ClockTicked', {}))
  return { feed, happen, rows }
}

interface Told {
  readonly ids: string[]
  readonly messages: LiveMessage[]
  readonly chunks: string[]
}

function listen(told: Told, chunk: string): void {
  told.chunks.push(chunk)
  for (const line of chunk.split('\n')) {
    if (line.startsWith('id: ')) told.ids.push(line.slice(4))
    if (line.startsWith('data: ')) told.messages.push(liveMessage.parse(JSON.parse(line.slice(6))))
  }
}

/** A client that takes every chunk at once. */
function reader(
  feed: ReturnType<typeof createLiveFeed>,
  options: { after?: string; topics?: readonly LiveTopic[] } = {},
) {
  const told: Told = { ids: [], messages: [], chunks: [] }
  const connection = feed.connect(options, async (chunk) => listen(told, chunk))
  return { ...told, connection }
}

/** A client that takes a chunk only when it is told to. */
function slowReader(feed: ReturnType<typeof createLiveFeed>, after?: string) {
  const told: Told = { ids: [], messages: [], chunks: [] }
  let release = () => {}
  let ended = false
  feed.connect({ after, onEnd: () => (ended = true) }, (chunk) => {
    listen(told, chunk)
    return new Promise((resolve) => (release = resolve))
  })
  const take = async () => {
    release()
    await settled()
  }
  return { ...told, take, hasEnded: () => ended }
}

/** Lets promises that are resolved already run their course. */
const settled = () => new Promise((resolve) => setImmediate(resolve))
const types = (messages: readonly LiveMessage[]) => messages.map(({ type }) => type)
const alarm = (alarmId: string, elementId = alarmId) =>
  said('AlarmRaised', { alarmId, elementId, probableCause: 'outOfService' })

const aCluster = { clusterId: 'K1', family: 'signal', complaintIds: ['C9'], center: [113.3, 23.1] }
const anOrder = (about: object) => ({
  orderId: 'WO-1',
  about,
  title: 'S1',
  services: ['mobile'],
  place: { names: [] },
  time: { since: '2026-03-01T03:00:00.000Z' },
  evidence: {
    complaints: 0,
    customers: 0,
    elements: 0,
    alarms: 0,
    symptoms: [],
    complaintIds: [],
    elementIds: [],
  },
})

describe('the live feed', () => {
  it('begins with a reset and how things stand, then tells what changes', async () => {
    const { feed, happen } = liveOver()
    happen(outageOpened('O1'))
    const { messages, ids } = reader(feed)
    await settled()
    expect(types(messages)).toEqual(['reset', 'outage'])
    happen(complaint('C1', { customerRef: 'k' }), attributed('C1', { outageId: 'O1' }))
    await settled()
    expect(types(messages).slice(2)).toEqual(['complaint', 'outage', 'feed'])
    expect(messages.at(3)).toMatchObject({ outageId: 'O1', complaints: 1, customers: 1 })
    expect(ids).toEqual([toPosition(2), toPosition(4)])
  })

  it('tells what people do, and a client that begins anew the same (H2)', async () => {
    const { feed, happen } = liveOver()
    const { messages } = reader(feed)
    await settled()
    happen(outageOpened('O1'), said('ClusterOpened', aCluster))
    const about = { kind: 'outage', id: 'O1' }
    const until = '2026-03-01T09:00:00.000Z'
    const by = { actor: 'noc' }
    const acts: readonly [Event, 'outage' | 'cluster' | 'order', object][] = [
      [
        said('NoticeMuted', { about, reason: 'known', until }, by),
        'outage',
        { muted: { reason: 'known', until } },
      ],
      [
        said('OutageWorded', { outageId: 'O1', words: { zh: '抢修', en: 'at work' } }, by),
        'outage',
        { worded: { words: { en: 'at work' } } },
      ],
      [
        said('NoteAdded', { about, text: 'n'.repeat(400) }, by),
        'outage',
        { note: { actor: 'noc', text: `${'n'.repeat(300)}…` } },
      ],
      [said('OutageAssigned', { outageId: 'O1', assignee: 'Chen' }), 'outage', { assignee: 'Chen' }],
      [said('ClusterAssigned', { clusterId: 'K1', assignee: 'Li' }), 'cluster', { assignee: 'Li' }],
      [said('ClusterAcknowledged', { clusterId: 'K1' }), 'cluster', { acknowledged: true }],
      [said('OrderOpened', anOrder(about)), 'order', { status: 'open', about: [about] }],
      [
        said('OrderUpdated', { orderId: 'WO-1', externalId: 'T-7' }),
        'outage',
        { order: { externalId: 'T-7' } },
      ],
      [
        said('OrderUpdated', { orderId: 'WO-1', joins: { kind: 'cluster', id: 'K1' } }),
        'cluster',
        { order: { orderId: 'WO-1' } },
      ],
      [
        said('OrderResolved', { orderId: 'WO-1', resolution: 'restored', cause: '光缆' }),
        'order',
        { status: 'resolved', resolved: { cause: '光缆' } },
      ],
      [
        said('OrderReopened', { orderId: 'WO-1', reason: 'still-out' }),
        'outage',
        { order: { status: 'open' } },
      ],
      [
        said('OrderReturned', { orderId: 'WO-1', reason: 'not-ours' }),
        'order',
        { status: 'returned', returned: { reason: 'not-ours' } },
      ],
      [said('NoticeUnmuted', { about }), 'outage', { assignee: 'Chen' }],
    ]
    for (const [event, type, expected] of acts) {
      const before = messages.length
      happen(event)
      await settled()
      expect(
        messages.slice(before).find((message) => message.type === type),
        event.type,
      ).toMatchObject(expected)
    }
    const lastOf = (type: string) => messages.findLast((message) => message.type === type)
    expect(lastOf('outage')).not.toHaveProperty('muted')
    const anew = reader(feed)
    await settled()
    for (const type of ['outage', 'cluster', 'order'])
      expect(
        anew.messages.filter((message) => message.type === type),
        type,
      ).toEqual([lastOf(type)])
  })

  it('S1: holds nothing of the person, and the place only roughly', async () => {
    const { feed, happen } = liveOver()
    const { chunks, messages } = reader(feed, { topics: ['complaint'] })
    const place = {
      location: { point: [113.27654321, 23.12345678] },
      source: 'home',
      name: '白马花园 3 号楼',
    }
    await settled()
    happen(complaint('C1', { customerRef: 'customer-hash', place }))
    await settled()
    expect(messages.at(-1)).toMatchObject({ type: 'complaint', point: [113.277, 23.123] })
    expect(chunks.join('')).not.toMatch(/customer-hash|白马|27654/)
  })

  it('tells a client only of its topics', async () => {
    const { feed, happen } = liveOver()
    const { messages } = reader(feed, { topics: ['element'] })
    await settled()
    happen(alarm('A1'), complaint('C1'), outageOpened('O1'))
    await settled()
    expect(types(messages)).toEqual(['reset', 'element'])
  })

  it('H2: keeps one send in flight and of each entity only the latest', async () => {
    const { feed, happen } = liveOver()
    const slow = slowReader(feed)
    for (let raised = 1; raised <= 50; raised += 1) happen(alarm(`A${raised}`, 'S1'))
    await settled()
    expect(slow.chunks).toHaveLength(1)
    await slow.take()
    expect(slow.chunks).toHaveLength(2)
    expect(slow.messages.slice(1)).toMatchObject([
      { type: 'element', elementId: 'S1', alarms: 50 },
      { type: 'feed', source: 'nms' },
    ])
  })

  it('H2: tells a reader that fell too far behind how things stand, and loses nothing', async () => {
    const { feed, happen } = liveOver({ maxBacklog: 10 })
    const slow = slowReader(feed)
    for (let at = 1; at <= 30; at += 1) happen(outageOpened(`O${at}`))
    await slow.take()
    const [, ...rest] = slow.messages
    expect(types(rest)).toEqual(['reset', ...Array.from({ length: 30 }, () => 'outage')])
    expect(slow.ids.at(-1)).toBe(toPosition(31))
    happen(outageOpened('O31'))
    await slow.take()
    expect(slow.messages.at(-1)).toMatchObject({ outageId: 'O31' })
  })

  it('H2: a reader that takes nothing costs bounded memory and is hung up', () => {
    const { feed, happen } = liveOver({ maxBacklog: 100, maxHistory: 100, maxMissedBeats: 3 })
    const before = process.memoryUsage().heapUsed
    const dead = Array.from({ length: 50 }, () => slowReader(feed))
    for (let at = 1; at <= 3_000; at += 1)
      happen(said('CutoverStarted', { cutoverId: 'CO-1' }), alarm(`A${at}`))
    expect(dead.every(({ chunks }) => chunks.length === 1)).toBe(true)
    // Fifty unbounded backlogs of 3,000 messages would hold several hundred bytes for each.
    expect(feed.counts()).toMatchObject({ clients: 50 })
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 2 ** 20)
    for (let beat = 1; beat <= 4; beat += 1) feed.beat()
    expect(feed.counts()).toMatchObject({ clients: 0, hungUp: 50 })
    expect(dead.every(({ hasEnded }) => hasEnded())).toBe(true)
  })

  it('H2: goes on behind Last-Event-ID without a reset, and with what was missed', async () => {
    const { feed, happen } = liveOver()
    const first = reader(feed)
    happen(outageOpened('O1'))
    await settled()
    if (first.connection.kind === 'connected') first.connection.disconnect()
    happen(outageOpened('O2'))
    happen(said('OutageAcknowledged', { outageId: 'O2' }))
    const back = reader(feed, { after: first.ids.at(-1) ?? '' })
    await settled()
    expect(back.messages.filter(({ type }) => type === 'outage')).toMatchObject([
      { outageId: 'O2', acknowledged: true },
    ])
    expect(types(back.messages)).not.toContain('reset')
  })

  it('H2: resets a client that comes back with an id too old, never given, or from ahead', async () => {
    const { feed, happen } = liveOver({ maxHistory: 2 })
    for (let at = 1; at <= 5; at += 1) happen(outageOpened(`O${at}`))
    for (const after of [toPosition(2), '', 'x', toPosition(99)]) {
      const { messages } = reader(feed, { after })
      await settled()
      expect(types(messages).slice(0, 2)).toEqual(['reset', 'outage'])
    }
  })

  it('resets its clients when the rows have caught up with the log', async () => {
    const rows = openMemoryRowStore()
    const feed = createLiveFeed({ rows })
    const { messages } = reader(feed)
    await settled()
    expect(types(messages)).toEqual(['reset'])
    feed.take({ position: toPosition(1), events: [], live: false })
    await settled()
    expect(messages).toHaveLength(1)
    feed.take({ position: toPosition(2), events: [], live: true })
    await settled()
    expect(types(messages)).toEqual(['reset', 'reset'])
  })

  it('takes no more than maxClients, and room comes back', () => {
    const { feed } = liveOver({ maxClients: 1 })
    const first = reader(feed)
    expect(reader(feed).connection).toMatchObject({ kind: 'full', maxClients: 1 })
    if (first.connection.kind === 'connected') first.connection.disconnect()
    expect(reader(feed).connection.kind).toBe('connected')
  })

  it('lets go of a client whose line broke', async () => {
    const { feed, happen } = liveOver()
    feed.connect({}, async () => {
      throw new Error('broken pipe')
    })
    await settled()
    happen(outageOpened('O1'))
    expect(feed.counts().clients).toBe(0)
  })

  it('sends idle clients a beat with their position', async () => {
    const { feed } = liveOver()
    const { chunks } = reader(feed)
    await settled()
    feed.beat()
    expect(chunks.at(-1)).toBe(`: beat\nid: ${toPosition(1)}\n\n`)
  })
})
