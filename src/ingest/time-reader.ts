import { instantInput, toInstant } from '../../schemas/instant.ts'
import { ImportError } from './import-error.ts'
import { createZone } from './zoned-time.ts'

type TimeRead = { readonly ok: string } | { readonly refused: string }
export type TimeReader = (text: string) => TimeRead

export interface TimeOptions {
  /** IANA zone of times that carry no offset. */
  readonly zone?: string | undefined
  /** How times are written, in the tokens of `timeTokens`, where they are not like ISO 8601. */
  readonly format?: string | undefined
}

interface Token {
  readonly pattern: string
  readonly part: Part
}
type Part =
  'year' | 'month' | 'monthName' | 'day' | 'hour' | 'minute' | 'second' | 'fraction' | 'half' | 'offset'

/** What `--time-format` may hold; everything else stands for itself. */
export const timeTokens: Readonly<Record<string, Token>> = {
  YYYY: { pattern: '\\d{4}', part: 'year' },
  YY: { pattern: '\\d{2}', part: 'year' },
  MMM: { pattern: '[A-Za-z]{3}', part: 'monthName' },
  MM: { pattern: '\\d{2}', part: 'month' },
  M: { pattern: '\\d{1,2}', part: 'month' },
  DD: { pattern: '\\d{2}', part: 'day' },
  D: { pattern: '\\d{1,2}', part: 'day' },
  HH: { pattern: '\\d{2}', part: 'hour' },
  H: { pattern: '\\d{1,2}', part: 'hour' },
  hh: { pattern: '\\d{2}', part: 'hour' },
  h: { pattern: '\\d{1,2}', part: 'hour' },
  mm: { pattern: '\\d{2}', part: 'minute' },
  m: { pattern: '\\d{1,2}', part: 'minute' },
  ss: { pattern: '\\d{2}', part: 'second' },
  s: { pattern: '\\d{1,2}', part: 'second' },
  SSS: { pattern: '\\d{3}', part: 'fraction' },
  A: { pattern: '[AaPp]\\.?[Mm]\\.?|上午|下午', part: 'half' },
  Z: { pattern: 'Z|[+-]\\d\\d:?\\d\\d', part: 'offset' },
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const likeIso =
  /^(?<year>\d{4})[-/](?<month>\d{1,2})[-/](?<day>\d{1,2})(?:[T ]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?)?$/
const withOffset = /[T ].*(Z|z|[+-]\d\d(:?\d\d)?)$/

/**
 * A reader of one file's times. ISO 8601 with an offset is always read; without one in the given zone, also with
 * slashes, without seconds, and as a date alone (its midnight). With a `format` that is tried first.
 * Throws `ImportError` for an unknown zone or a format that names no date.
 */
export function createTimeReader({ zone, format }: TimeOptions): TimeReader {
  const inZone = zone === undefined ? undefined : createZone(zone)
  const formatted = format === undefined ? undefined : patternOf(format)

  return (text) => {
    const match = formatted?.exec(text) ?? likeIso.exec(text)
    if (match === null)
      return withOffset.test(text) ? readIso(text) : { refused: notUnderstood(text, format) }
    const parts = match.groups ?? {}
    const wallMs = wallMsOf(parts)
    if (wallMs === undefined) return { refused: `${JSON.stringify(text)} is no such time` }
    const offsetMs = offsetMsOf(parts['offset'])
    if (offsetMs !== undefined) return readIso(toInstant(wallMs - offsetMs))
    if (inZone === undefined) {
      return { refused: `${JSON.stringify(text)} has no offset: say with --zone where that clock hangs` }
    }
    return readIso(toInstant(inZone(wallMs)))
  }
}

function readIso(text: string): TimeRead {
  const read = instantInput.safeParse(text)
  return read.success ? { ok: read.data } : { refused: read.error.issues[0]?.message ?? 'is no time' }
}

function notUnderstood(text: string, format: string | undefined): string {
  const shown = JSON.stringify(text.slice(0, 40))
  return format === undefined
    ? `${shown} is no time like 2026-03-01 10:05; say with --time-format how it is written`
    : `${shown} is not written like ${format}`
}

function patternOf(format: string): RegExp {
  const tokens = format.match(/YYYY|YY|MMM|MM|M|DD|D|HH|H|hh|h|mm|m|ss|SSS|s|A|Z|./gsu) ?? []
  const seen = new Set<string>()
  const source = tokens.map((text) => {
    const token = timeTokens[text]
    if (token === undefined) return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s/, '\\s+')
    const name = token.part
    if (seen.has(name)) throw new ImportError(`--time-format ${format} names the ${name} twice`, 'usage')
    seen.add(name)
    return `(?<${name}>${token.pattern})`
  })
  if (!seen.has('year') || !seen.has('day') || !(seen.has('month') || seen.has('monthName'))) {
    throw new ImportError(`--time-format ${format} names no whole date (YYYY, M and D)`, 'usage')
  }
  return new RegExp(`^${source.join('')}$`, 'u')
}

type Parts = Readonly<Record<string, string | undefined>>

/** The wall clock's reading, or undefined for the 30th of February and the like. */
function wallMsOf(parts: Parts): number | undefined {
  const number = (name: string): number => Number(parts[name] ?? 0)
  const written = parts['year'] ?? ''
  const year = written.length === 2 ? 2000 + Number(written) : Number(written)
  const name = parts['monthName']
  const month = name === undefined ? number('month') : monthNames.indexOf(name.toLowerCase()) + 1
  const hour = hourOf(number('hour'), parts['half'])
  const [minute, second] = [number('minute'), number('second')]
  const ms = Math.floor(Number(`0.${parts['fraction'] ?? '0'}`) * 1000)
  if (hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  const wallMs = Date.UTC(year, month - 1, number('day'), hour, minute, second, ms)
  const back = new Date(wallMs)
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === number('day') ? wallMs : undefined
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (/^[Pp]|下午/u.test(half) ? 12 : 0)
}

function offsetMsOf(offset: string | undefined): number | undefined {
  if (offset === undefined) return undefined
  if (offset === 'Z') return 0
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2))
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000
}
