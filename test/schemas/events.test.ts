import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Envelope } from '../../schemas/envelope.ts'
import { decisionTypes, eventData, eventTypes, machineTypes, schemaVersionOf } from '../../schemas/event.ts'
import { canonicalJson, contentNotification, decisionId, eventId } from '../../schemas/event-id.ts'
import { instantInput } from '../../schemas/instant.ts'
import { upcast } from '../../schemas/upcast.ts'

describe('the table of events', () => {
  test('holds every name of the frozen list', () => {
    expect(eventTypes).toHaveLength(84)
    for (const type of [...decisionTypes, ...machineTypes]) expect(eventTypes).toContain(type)
  })

  test('what was stored is accepted again and stays as it is', () => {
    const sent = {
      complaintId: 'C-1',
      reportedAt: '2026-03-01T12:05+08:00',
      trouble: { from: '2026-03-01 10:05:00.5 +0800' },
      place: { location: { point: [113.33, 23.14], crs: 'gcj02' } },
    }
    const stored = eventData.ComplaintReceived.parse(sent)
    expect(eventData.ComplaintReceived.parse(stored)).toEqual(stored)
    expect(stored.trouble.from).toBe('2026-03-01T02:05:00.500Z')
  })
})

describe('times', () => {
  test.each([
    ['2026-03-01T10:05+08:00', '2026-03-01T02:05:00.000Z'],
    ['2026-03-01T10:05:09.123456+0530', '2026-03-01T04:35:09.123Z'],
    ['2026-03-01 10:05:00 -03', '2026-03-01T13:05:00.000Z'],
    ['2026-03-01T10:05:00z', '2026-03-01T10:05:00.000Z'],
  ])('%s is %s', (sent, stored) => expect(instantInput.parse(sent)).toBe(stored))

  test.each([
    '2026-03-01T10:05:00',
    '2026-03-01',
    'yesterday',
    '2026-02-30T25:00:00Z',
    '1066-10-14T09:00:00Z',
    '2999-01-01T00:00:00Z',
    '',
  ])('%j is refused: no offset, no such time, or a broken clock', (sent) =>
    expect(instantInput.safeParse(sent).success).toBe(false),
  )
})

describe('places', () => {
  test('GCJ-02 and BD-09 are stored as WGS-84, with the original beside it', () => {
    const place = (crs: string) =>
      eventData.ComplaintReceived.parse({
        complaintId: 'C-1',
        reportedAt: '2026-03-01T12:05:00Z',
        place: { location: { point: [113.33, 23.14], crs } },
      }).place?.location
    const gcj = place('gcj02')
    expect(gcj?.original).toEqual({ crs: 'gcj02', point: [113.33, 23.14] })
    // In Guangzhou the datum is about 600 m off.
    expect(Math.abs((gcj?.point[0] ?? 0) - 113.33) * 102_000).toBeGreaterThan(300)
    expect(place('bd09')?.point).not.toEqual(gcj?.point)
    expect(place('wgs84')).toEqual({ point: [113.33, 23.14] })
  })

  test.each([
    [[181, 0]],
    [[0, 91]],
    [[Number.NaN, 0]],
    [[Number.POSITIVE_INFINITY, 0]],
    [['113', 23]],
    [[113]],
  ])('%j is nowhere', (point) =>
    expect(
      eventData.ElementRegistered.safeParse({ elementId: 'S', kind: 'site', name: 'S', location: { point } })
        .success,
    ).toBe(false),
  )
})

describe('identity', () => {
  test('the same notification is the same event; another source, type or notification is another', () => {
    const id = eventId('nms', 'AlarmRaised', '1')
    expect(eventId('nms', 'AlarmRaised', '1')).toBe(id)
    expect(
      new Set([
        id,
        eventId('nms2', 'AlarmRaised', '1'),
        eventId('nms', 'AlarmCleared', '1'),
        eventId('nms', 'AlarmRaised', '2'),
      ]).size,
    ).toBe(4)
  })

  test('where the sender names none, subject, time and content do, whatever the order of keys', () => {
    const at = '2026-03-01T02:05:00.000Z'
    expect(contentNotification('C', at, { a: 1, b: [{ c: 2, d: 3 }] })).toBe(
      contentNotification('C', at, { b: [{ d: 3, c: 2 }], a: 1 }),
    )
    expect(contentNotification('C', at, { a: 1 })).not.toBe(contentNotification('C', at, { a: '1' }))
  })

  test('decision ids differ by input, subject, ordinal and engine version', () => {
    const ids = [
      decisionId('i', 's', 0, '1'),
      decisionId('j', 's', 0, '1'),
      decisionId('i', 't', 0, '1'),
      decisionId('i', 's', 1, '1'),
      decisionId('i', 's', 0, '2'),
    ]
    expect(new Set(ids).size).toBe(5)
  })

  test('canonical JSON parses back to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})

describe('upcasting', () => {
  const version1: Envelope = {
    id: eventId('works', 'CutoverPlanned', '1'),
    type: 'CutoverPlanned',
    schemaVersion: 1,
    occurredAt: '2026-02-27T01:00:00.000Z',
    recordedAt: '2026-02-27T01:00:00.000Z',
    data: {
      cutoverId: 'CO-118',
      title: 'Antenna swap',
      elementId: 'GZ-0417',
      plannedStart: '2026-03-01T02:00:00.000Z',
      plannedEnd: '2026-03-01T03:00:00.000Z',
      work: 'swap',
    },
    meta: { source: 'works', actor: 'unverified' },
  }

  test('a cutover of version 1, on one element, reads as version 2, on several', () => {
    const current = upcast(version1)
    expect(current.schemaVersion).toBe(schemaVersionOf('CutoverPlanned'))
    expect(current.data).toMatchObject({ elementIds: ['GZ-0417'] })
    expect(current.data).not.toHaveProperty('elementId')
    expect(eventData.CutoverPlanned.safeParse(current.data).success).toBe(true)
    // What is stored is not touched.
    expect(version1.data).toHaveProperty('elementId')
  })

  test('what is current passes through as the same object', () => {
    const current = upcast(version1)
    expect(upcast(current as unknown as Envelope)).toBe(current)
  })
})
