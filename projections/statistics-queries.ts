import { repeatDays } from './customer-calls.ts'
import { key, prefix } from './key.ts'
import { addDays, localDays, mondayOf, yearBefore, type Day } from './local-day.ts'
import type { Table } from './projection.ts'
import { boxOfCell, boxOfPoint, meet, middleOf, type Box } from './quadkey.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'
import { figuresOf, type FigureGroup, type GroupedBy, type Sums } from './statistics-figures.ts'
import {
  complaintTallies,
  outageTallies,
  subscribersBy,
  unknown,
  unplaced,
  utc,
  zone,
} from './statistics-row.ts'
import { kindOf, sumOf, type Counts, type Dimension, type TallyRow } from './tally.ts'

/** The most days of one question: a year and its edges. */
export const maxStatisticsDays = 400
/** The most groups of one answer; those with the most complaints are kept. */
const maxGroups = 1_000

/** A period in whole days, both ends counted; with a box, what lies in cells whose middle is in it. */
export interface Period {
  readonly from: Day
  readonly to: Day
  readonly box?: Box | undefined
}

export interface Statistics extends Period {
  readonly timeZone: string
  readonly by: GroupedBy
  readonly total: FigureGroup
  readonly items: readonly FigureGroup[]
  /** False where there were more groups than one answer holds. */
  readonly complete: boolean
}

/** The day that a moment falls on, in the zone by which days are counted. */
export function dayIn(rows: Rows, instant: string): Day {
  return localDays(timeZoneOf(rows))(instant)
}

export function timeZoneOf(rows: Rows): string {
  return rowOf(rows, zone, 'zone')?.timeZone ?? utc
}

/** Figures of a period, as a whole and by groups. Reads the tallies of its days and of those a year before, and no other. */
export function statisticsOf(
  rows: Rows,
  { by, today, ...period }: Period & { readonly by: GroupedBy; readonly today: Day },
): Statistics {
  const now = sumsOf(rows, by, period, today)
  const earlier = yearEarlier(period, by)
  const before = sumsOf(rows, by, earlier.groups, today)
  const beforeInAll = by === 'week' ? sumsOf(rows, by, earlier.whole, today).total : before.total
  const firstDay = firstDayOf(rows, period.box === undefined ? 'kind' : 'area')
  const inAllSubscribers =
    period.box === undefined ? subscribersUnder(rows, 'all', '') : subscribersIn(rows, period.box)
  const groups = [...new Set([...now.complaints.keys(), ...now.outages.keys()])].map((name) =>
    figuresOf(name, by, subscribersFor(rows, name, by, inAllSubscribers), at(now, name), beforeOf(name)),
  )
  const kept = isTime(by)
    ? groups.toSorted((a, b) => (a.key < b.key ? -1 : 1))
    : groups.toSorted((a, b) => b.complaints.n - a.complaints.n || (a.key < b.key ? -1 : 1))
  return {
    ...period,
    by,
    timeZone: timeZoneOf(rows),
    total: figuresOf(
      'all',
      'day',
      inAllSubscribers,
      now.total,
      firstDay <= earlier.whole.from ? beforeInAll : undefined,
    ),
    items: kept.slice(0, maxGroups),
    complete: kept.length <= maxGroups,
  }

  /** What was counted a year before; `undefined` where nobody counted then. */
  function beforeOf(name: string): Sums | undefined {
    const [from, then] = isTime(by)
      ? [earlierName(name, by), earlierName(name, by)]
      : [earlier.groups.from, name]
    return firstDay <= from ? at(before, then) : undefined
  }
}

function isTime(by: GroupedBy): by is 'day' | 'week' {
  return by === 'day' || by === 'week'
}

/** The same dates a year earlier; for weeks, 52 weeks earlier, so that whole weeks are held against whole weeks. */
function yearEarlier(period: Period, by: GroupedBy): { readonly whole: Period; readonly groups: Period } {
  const whole = { ...period, from: yearBefore(period.from), to: yearBefore(period.to) }
  if (by !== 'week') return { whole, groups: whole }
  return { whole, groups: { ...period, from: addDays(period.from, -364), to: addDays(period.to, -364) } }
}

function earlierName(name: string, by: 'day' | 'week'): string {
  return by === 'day' ? yearBefore(name) : addDays(name, -364)
}

interface Summed {
  readonly complaints: ReadonlyMap<string, Counts>
  readonly settled: ReadonlyMap<string, Counts>
  readonly outages: ReadonlyMap<string, Counts>
  readonly total: Sums
}

function at({ complaints, settled, outages }: Summed, name: string): Sums {
  return {
    complaints: complaints.get(name) ?? {},
    settled: settled.get(name) ?? {},
    outages: outages.get(name) ?? {},
  }
}

function sumsOf(rows: Rows, by: GroupedBy, period: Period, today: Day): Summed {
  const byPlace = period.box !== undefined || by === 'area'
  const complaints = talliesIn(rows, complaintTallies, byPlace ? 'area' : 'kind', period)
  const settledDay = addDays(today, -repeatDays - 1)
  const settled = complaints.filter(({ day }) => day <= settledDay)
  const outages =
    by === 'symptom' ? [] : talliesIn(rows, outageTallies, byPlace ? 'area' : isTime(by) ? 'all' : by, period)
  // An outage of two services stands under both and is one in all.
  const allOutages = period.box === undefined ? talliesIn(rows, outageTallies, 'all', period) : outages
  const ofComplaint = (row: TallyRow): string => timeName(row, by) ?? complaintName(row.value, by)
  return {
    complaints: summedBy(complaints, ofComplaint),
    settled: summedBy(settled, ofComplaint),
    outages: summedBy(outages, (row) => timeName(row, by) ?? row.value),
    total: { complaints: inAll(complaints), settled: inAll(settled), outages: inAll(allOutages) },
  }
}

function timeName({ day }: TallyRow, by: GroupedBy): string | undefined {
  return by === 'day' ? day : by === 'week' ? mondayOf(day) : undefined
}

function complaintName(value: string, by: GroupedBy): string {
  return isTime(by) || by === 'area' ? value : kindOf(value)[by]
}

/** What was counted on each day of a period, by the value of a dimension. */
export function talliesIn(
  rows: Rows,
  from: Table<TallyRow>,
  dimension: Dimension,
  period: Period,
): readonly TallyRow[] {
  const range = { from: key(dimension, period.from), to: key(dimension, addDays(period.to, 1)) }
  const found: TallyRow[] = []
  for (const row of eachRow(rows, from, prefix(dimension), range)) {
    if (period.box === undefined || isWithin(row.value, period.box)) found.push(row)
  }
  return found
}

function isWithin(cell: string, box: Box): boolean {
  return cell !== unplaced && meet(boxOfPoint(middleOf(boxOfCell(cell))), box)
}

function summedBy(
  tallies: readonly TallyRow[],
  nameOf: (row: TallyRow) => string,
): ReadonlyMap<string, Counts> {
  const sums = new Map<string, Counts>()
  for (const row of tallies) sums.set(nameOf(row), sumOf(sums.get(nameOf(row)) ?? {}, row.counts))
  return sums
}

function inAll(tallies: readonly TallyRow[]): Counts {
  return tallies.reduce<Counts>((sum, { counts }) => sumOf(sum, counts), {})
}

/** Nearly always the first of these is it; where rows are left out, a later one. */
const daysPerScan = 20

/** The first day of which any complaint is known; before it nobody counted. */
function firstDayOf(rows: Rows, dimension: 'kind' | 'area'): Day {
  for (const { day } of eachRow(rows, complaintTallies, prefix(dimension), { limit: daysPerScan })) return day
  return '9999-12-31'
}

/** Subscribers of the elements that stand for a group; zero where nobody can tell. */
function subscribersFor(rows: Rows, name: string, by: GroupedBy, inAll: number): number {
  switch (by) {
    case 'area':
      return name === unplaced ? 0 : subscribersUnder(rows, 'area', name)
    case 'service':
    case 'network':
      return name === unknown ? 0 : subscribersUnder(rows, by, name)
    case 'day':
    case 'week':
    case 'cause':
    case 'symptom':
      return inAll
  }
}

function subscribersIn(rows: Rows, box: Box): number {
  let sum = 0
  for (const { value, counts } of eachRow(rows, subscribersBy, prefix('area'))) {
    if (isWithin(value, box)) sum += counts['subscribers'] ?? 0
  }
  return sum
}

function subscribersUnder(rows: Rows, dimension: Dimension, value: string): number {
  return rowOf(rows, subscribersBy, key(dimension, value))?.counts['subscribers'] ?? 0
}
