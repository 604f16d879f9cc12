import { boxOfCell, type Box } from './quadkey.ts'
import { unplaced } from './statistics-row.ts'
import type { Counts } from './tally.ts'
import { medianOf, type Median } from './time-bins.ts'

export type GroupedBy = 'day' | 'week' | 'area' | 'cause' | 'symptom' | 'service' | 'network'

/** What was counted in a group; of `settled` alone can be told whether the customer called again. */
export interface Sums {
  readonly complaints: Counts
  readonly settled: Counts
  readonly outages: Counts
}

/** What cannot be divided says so; it is never a number that looks like one. */
export type OrNoBase = number | 'no base'

/** `value` is told of `n` out of `base`, as its definition says. */
export interface Figure {
  readonly value: OrNoBase
  readonly n: number
  readonly base: OrNoBase
}

/** How many, for how many subscribers, and against the year before. */
export interface Counted {
  readonly n: number
  readonly perTenThousand: Figure
  readonly yearBefore: { readonly n: OrNoBase; readonly changePercent: OrNoBase }
}

export interface FigureGroup {
  /** Day, Monday of the week, cell, or name. */
  readonly key: string
  readonly box?: Box | undefined
  readonly complaints: Counted
  /** Absent by symptom: outages have none. */
  readonly outages?: Counted | undefined
  readonly firstContactResolution: Figure
  readonly repeats: Figure
  readonly timeToCauseMs: Figure & { readonly betweenMs?: Median['betweenMs'] | undefined }
  readonly statedEndsKept: Figure
  readonly callbacks: Figure
}

/** The figures of a group, of so many subscribers (none: zero), against the sums of a year before where there are any. */
export function figuresOf(
  name: string,
  by: GroupedBy,
  subscribers: number,
  { complaints, settled, outages }: Sums,
  before: Sums | undefined,
): FigureGroup {
  const { firstContact = 0, known: judgeable = 0 } = settled
  const { repeats = 0, known = 0, timed = 0, explained = 0 } = complaints
  const { promiseKept = 0, promiseJudged = 0 } = complaints
  const done = ['fine', 'still-out', 'no-answer', 'declined'].map(
    (outcome) => complaints[`callback:${outcome}`] ?? 0,
  )
  const [fine = 0, stillOut = 0] = done
  const median = medianOf(complaints)
  return {
    key: name,
    ...(by === 'area' && name !== unplaced && { box: boxOfCell(name) }),
    complaints: counted(
      complaints['complaints'],
      before && (before.complaints['complaints'] ?? 0),
      subscribers,
    ),
    ...(by !== 'symptom' && {
      outages: counted(outages['outages'], before && (before.outages['outages'] ?? 0), subscribers),
    }),
    firstContactResolution: shareOf(firstContact, judgeable),
    repeats: shareOf(repeats, known),
    timeToCauseMs: {
      value: median?.ms ?? 'no base',
      n: timed,
      base: explained,
      ...(median && { betweenMs: median.betweenMs }),
    },
    statedEndsKept: shareOf(promiseKept, promiseJudged),
    callbacks: shareOf(
      fine + stillOut,
      done.reduce((sum, count) => sum + count, 0),
    ),
  }
}

function counted(n = 0, then: number | undefined, subscribers: number): Counted {
  return {
    n,
    perTenThousand: {
      value: subscribers === 0 ? 'no base' : rounded((n * 10_000) / subscribers),
      n,
      base: subscribers === 0 ? 'no base' : subscribers,
    },
    yearBefore: {
      n: then ?? 'no base',
      changePercent: then === undefined || then === 0 ? 'no base' : rounded(((n - then) * 100) / then),
    },
  }
}

function shareOf(n: number, base: number): Figure {
  return base === 0 ? { value: 'no base', n, base: 'no base' } : { value: rounded(n / base), n, base }
}

/** To a ten-thousandth: no more is known of what is counted. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
