import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permittedFromMs } from '../../src/domain/permitted-hours.ts'

const hourMs = 3_600_000
const hours = { from: '09:00', to: '20:00' }
const at = (text: string) => Date.parse(text)

test.each([
  ['by day at once', '2026-03-01T03:00:30Z', 'Asia/Shanghai', '2026-03-01T03:00:30Z'],
  ['the end is too late', '2026-03-01T12:00:00Z', 'Asia/Shanghai', '2026-03-02T01:00:00Z'],
  ['in the small hours the same morning', '2026-02-28T18:30:00Z', 'Asia/Shanghai', '2026-03-01T01:00:00Z'],
  [
    'over a night in which clocks go forward',
    '2026-03-28T21:00:00Z',
    'Europe/Berlin',
    '2026-03-29T07:00:00Z',
  ],
  ['over a night in which they go back', '2026-10-24T20:00:00Z', 'Europe/Berlin', '2026-10-25T08:00:00Z'],
])('%s', (_what, from, zone, expected) => {
  expect(permittedFromMs(at(from), hours, zone)).toBe(at(expected))
})

const days = {
  weekends: { from: '10:00', to: '16:00' },
  holidays: ['2026-10-01', '2026-10-02', '2026-10-03'],
  onHolidays: 'none',
  workedWeekends: ['2026-10-10'],
} as const

test.each([
  ['on a weekend later', '2026-03-01T01:30:00Z', '2026-03-01T02:00:00Z'],
  ['on a weekend not so late', '2026-03-01T08:30:00Z', '2026-03-02T01:00:00Z'],
  // By UTC it is the last day of September still.
  ['over holidays to the Sunday behind them', '2026-09-30T17:00:00Z', '2026-10-04T02:00:00Z'],
  ['on a Saturday that is worked as on a working day', '2026-10-10T01:00:00Z', '2026-10-10T01:00:00Z'],
])('%s', (_what, from, expected) => {
  expect(permittedFromMs(at(from), hours, 'Asia/Shanghai', days)).toBe(at(expected))
})

test('where weekends are no days for calls, on Monday', () => {
  const never = { weekends: 'none', holidays: [], onHolidays: 'none', workedWeekends: [] } as const
  const friday = at('2026-02-27T12:30:00Z')
  expect(permittedFromMs(friday, hours, 'Asia/Shanghai', never)).toBe(at('2026-03-02T01:00:00Z'))
})

test('is never before the moment, always permitted, and within a day and the hour that clocks are set by', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu')
  const moments = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') })
  fc.assert(
    fc.property(moments, zones, (ms, zone) => {
      const found = permittedFromMs(ms, hours, zone)
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
      expect(found).toBeGreaterThanOrEqual(ms)
      expect(found - ms).toBeLessThanOrEqual(14 * hourMs)
      expect(clock.format(found) >= hours.from && clock.format(found) < hours.to).toBe(true)
    }),
    { seed: 1, numRuns: 300 },
  )
})
