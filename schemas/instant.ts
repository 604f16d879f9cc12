import { z } from 'zod'

/** A moment as stored and answered: UTC, milliseconds, `2026-03-01T02:05:00.000Z`. Sorts as text. */
export const instant = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    'must be UTC with milliseconds, like 2026-03-01T02:05:00.000Z',
  )
  .meta({ format: 'date-time' })

/** The earliest and latest moments that any event may carry; what lies outside is a broken clock. */
const earliestMs = Date.UTC(1990, 0, 1)
const latestMs = Date.UTC(2100, 0, 1)

/**
 * A moment as senders write it: ISO 8601 with an offset (`2026-03-01T10:05+08:00`, `…Z`). Becomes an `instant`.
 * A time without an offset is refused: whose clock it was cannot be known here.
 */
export const instantInput = z
  .string()
  .max(40)
  .regex(
    /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?\s?(Z|z|[+-]\d\d(:?\d\d)?)$/,
    'must be an ISO 8601 time with an offset, like 2026-03-01T10:05:00+08:00',
  )
  .transform((text, context) => {
    const ms = Date.parse(isInstant.test(text) ? text : normaliseIso(text))
    if (Number.isNaN(ms)) {
      context.addIssue({ code: 'custom', message: `is no such time: ${text}` })
      return z.NEVER
    }
    if (ms < earliestMs || ms >= latestMs) {
      context.addIssue({ code: 'custom', message: `lies outside 1990 to 2100: ${text}` })
      return z.NEVER
    }
    return isInstant.test(text) ? text : toInstant(ms)
  })
  .meta({ format: 'date-time' })

/**
 * Most senders write what is stored. Of days that some month lacks, and of hour 24, only the clock knows what they mean;
 * they go the longer way.
 */
const isInstant = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3}Z$/

function normaliseIso(text: string): string {
  const tidy = text.replace(' ', 'T').replace(/\s/, '').replace(',', '.').replace('z', 'Z')
  const offset = /([+-]\d\d)(\d\d)?$/.exec(tidy.slice(16))
  if (offset === null || tidy.at(-3) === ':') return tidy
  return `${tidy.slice(0, tidy.length - offset[0].length)}${offset[1]}:${offset[2] ?? '00'}`
}

/** Milliseconds since 1970 of an `instant`. */
export function toMs(text: string): number {
  return Date.parse(text)
}

/** The `instant` of milliseconds since 1970. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString()
}
