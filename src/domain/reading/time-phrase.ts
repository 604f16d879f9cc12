/** A named part of a day; `night` runs on into the next day. */
export type PartOfDay =
  | 'small-hours'
  | 'early'
  | 'morning'
  | 'forenoon'
  | 'noon'
  | 'afternoon'
  | 'dusk'
  | 'evening'
  | 'night'
  | 'am'
  | 'pm'

/** What words say of a moment, before it is known when they were said. */
export type TimePhrase = {
  /** Offsets in the clause. */
  readonly start: number
  readonly end: number
} & (
  | ({ readonly kind: 'clock' } & ClockTime & DayAndPart)
  | ({ readonly kind: 'part' } & DayAndPart & { readonly part: PartOfDay })
  | { readonly kind: 'day'; readonly daysBack: number }
  | { readonly kind: 'ago'; readonly spanMs: number; readonly uncertaintyMs: number }
)

export interface DayAndPart {
  /** 0 is the day of the report; left out where no day was named. */
  readonly daysBack?: number | undefined
  readonly part?: PartOfDay | undefined
}

export interface ClockTime {
  readonly hour: number
  readonly minute: number
  /** Written as on a clock of 24 hours: `08:30`. */
  readonly isFullDay?: boolean
  /** "About", 左右, or 多: less sure than a stated time. */
  readonly isRough: boolean
}

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** "Two hours ago" is as sure as a quarter of the span, but not surer than people look at clocks. */
export function agoOf(spanMs: number): { readonly spanMs: number; readonly uncertaintyMs: number } {
  return { spanMs, uncertaintyMs: Math.max(10 * minuteMs, spanMs / 4) }
}
