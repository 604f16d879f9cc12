import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTimeReader } from '../../src/ingest/time-reader.ts'

const read = (text: string, zone?: string, format?: string): string => {
  const time = createTimeReader({ zone, format })(text)
  return 'ok' in time ? time.ok : time.refused
}

describe('times without an offset', () => {
  test.each([
    ['2026-03-01 10:05', '2026-03-01T02:05:00.000Z'],
    ['2026-03-01T10:05:30', '2026-03-01T02:05:30.000Z'],
    ['2026/3/1 10:05:30.5', '2026-03-01T02:05:30.500Z'],
    ['2026-03-01', '2026-02-28T16:00:00.000Z'],
    ['1991-07-01 12:00', '1991-07-01T03:00:00.000Z'],
  ])('%s is read by the clock of Shanghai', (text, instant) => {
    expect(read(text, 'Asia/Shanghai')).toBe(instant)
  })

  test('are refused where no zone is given', () => {
    expect(read('2026-03-01 10:05')).toContain('say with --zone')
  })

  test('keep an offset that they carry', () => {
    expect(read('2026-03-01T10:05:00+05:30', 'Asia/Shanghai')).toBe('2026-03-01T04:35:00.000Z')
    expect(read('2026-03-01T10:05Z', 'Asia/Shanghai')).toBe('2026-03-01T10:05:00.000Z')
  })

  test.each([
    '2026-02-30 10:00',
    '2026-13-01 10:00',
    '2026-03-01 24:30',
    'soon',
    '2026-03-01T25:00:00Z',
    '0001-01-01 00:00',
  ])('%s is no time', (text) => {
    expect('refused' in createTimeReader({ zone: 'UTC' })(text)).toBe(true)
  })
})

describe('clocks that are changed', () => {
  test.each([
    ['Europe/London', '2026-03-29 00:59', '2026-03-29T00:59:00.000Z', 'before the gap'],
    [
      'Europe/London',
      '2026-03-29 01:30',
      '2026-03-29T01:30:00.000Z',
      'in the gap: half an hour after the change',
    ],
    ['Europe/London', '2026-03-29 02:00', '2026-03-29T01:00:00.000Z', 'after the gap'],
    ['Europe/London', '2026-10-25 00:59', '2026-10-24T23:59:00.000Z', 'before the repeated hour'],
    ['Europe/London', '2026-10-25 01:30', '2026-10-25T00:30:00.000Z', 'repeated: the first of the two'],
    ['Europe/London', '2026-10-25 02:00', '2026-10-25T02:00:00.000Z', 'after the repeated hour'],
    ['America/New_York', '2026-03-08 02:30', '2026-03-08T07:30:00.000Z', 'in the gap'],
    ['America/New_York', '2026-11-01 01:30', '2026-11-01T05:30:00.000Z', 'repeated'],
    ['Australia/Lord_Howe', '2026-04-05 01:45', '2026-04-04T14:45:00.000Z', 'half an hour, repeated'],
    ['Pacific/Apia', '2011-12-30 12:00', '2011-12-30T22:00:00.000Z', 'a day that was left out'],
  ])('%s %s is %s (%s)', (zone, text, instant) => {
    expect(read(text, zone)).toBe(instant)
  })

  test('a moment shown by a clock is read as that moment or, in a repeated hour, the one before it (property)', () => {
    const zones = [
      'Europe/London',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Asia/Shanghai',
      'America/St_Johns',
    ]
    const minute = 60_000
    const from = Date.UTC(1995, 0, 1) / minute
    const to = Date.UTC(2040, 0, 1) / minute
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: from, max: to }), (zone, minutes) => {
        const shown = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'short',
        })
        const wall = shown.format(minutes * minute)
        const back = Date.parse(read(wall, zone))
        expect(shown.format(back)).toBe(wall)
        expect(back).toBeLessThanOrEqual(minutes * minute)
      }),
      { seed: 11, numRuns: 400 },
    )
  })
})

describe('formats', () => {
  test.each([
    ['D/M/YYYY h:mm A', '1/3/2026 10:05 PM', '2026-03-01T22:05:00.000Z'],
    ['D/M/YYYY h:mm A', '1/3/2026 12:00 am', '2026-03-01T00:00:00.000Z'],
    ['DD-MM-YYYY', '01-03-2026', '2026-03-01T00:00:00.000Z'],
    ['DD-MMM-YY HH:mm:ss', '01-Mar-26 10:05:30', '2026-03-01T10:05:30.000Z'],
    ['YYYY年M月D日 H:mm', '2026年3月1日 9:05', '2026-03-01T09:05:00.000Z'],
    ['YYYYMMDDHHmmss', '20260301100530', '2026-03-01T10:05:30.000Z'],
    ['DD.MM.YYYY HH:mm Z', '01.03.2026 10:05 +0800', '2026-03-01T02:05:00.000Z'],
  ])('%s reads %s', (format, text, instant) => {
    expect(read(text, 'UTC', format)).toBe(instant)
  })

  test('with a format ISO times are still read, other ones refused with the format named', () => {
    expect(read('2026-03-01T10:05Z', undefined, 'D/M/YYYY')).toBe('2026-03-01T10:05:00.000Z')
    expect(read('3.1.2026', 'UTC', 'D/M/YYYY')).toContain('is not written like D/M/YYYY')
  })

  test.each(['HH:mm', 'DD-MM', 'YYYY-MM-DD HH:HH'])('%s is no format', (format) => {
    expect(() => createTimeReader({ zone: 'UTC', format })).toThrow('--time-format')
  })

  test('an unknown zone is named', () => {
    expect(() => createTimeReader({ zone: 'Mars/Olympus' })).toThrow('--zone Mars/Olympus')
  })
})
