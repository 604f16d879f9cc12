import { z } from 'zod'

const count = z.int().min(1)
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
const callingHours = z.union([
  z.literal('none'),
  z
    .strictObject({ from: clockTime, to: clockTime })
    .refine(({ from, to }) => from < to, { message: 'must be later than from', path: ['to'] }),
])
const calendarDays = z.array(z.iso.date('must be a day of the calendar, YYYY-MM-DD')).max(1_000)

/** On which days customers are called at other hours than the ruleset's, by the calendar of its time zone. `none`: not at all. */
export const callbackDays = z.strictObject({
  /** Left out: as on other days. */
  weekends: callingHours.optional(),
  holidays: calendarDays.default([]),
  onHolidays: callingHours.default('none'),
  /** Saturdays and Sundays that are worked (调休). */
  workedWeekends: calendarDays.default([]),
})

/** When whoever works on an order is told that its trouble has grown. */
export const orders = z.strictObject({
  /** Members, customers or area are so many times what was told last. */
  growthFactor: z.number().min(1.1).max(100).default(2),
  /** Of members and customers, at least so many more. */
  growthAtLeast: count.default(5),
})
