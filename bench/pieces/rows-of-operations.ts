import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PresetName } from '../../src/simulate/presets.ts'
import { root } from '../peers.ts'
import type { Piece } from '../piece.ts'
import { median, toRow, type Row } from '../row.ts'
import { rowsOfDay, type RowsOfDay } from '../rows/rows-of-day.ts'

/** Real cells of four operators, beside the repository where they are at hand; else the built-in city. */
const cells = join(root, '..', 'shared', 'data', 'lte-cells', 'cells.csv')
/** Rules were tuned on seeds from 101 on; these are the ones that are reported. */
const seeds = ['1', '2', '3', '4', '5', '6']
const moreSeeds = ['7', '8', '9', '10', '11', '12']
const minuteMs = 60_000

/** New rows in a shift for a thousand sites, rows for one true outage, and the least share of those that have one. */
const aims = { quietRows: 2, leastRows: 0.9, mostRows: 1.1, recall: 0.9 }

/** The list of network operations on quiet and on stormy days: how many new rows, and of what. */
export const rowsOfOperations: Piece = async ({ full, say }) => {
  const inventoryText = existsSync(cells) ? readFileSync(cells, 'utf8') : undefined
  const where =
    inventoryText === undefined
      ? 'THE BUILT-IN CITY: the real cells are not at hand'
      : '601 sites of four operators'
  const daysOf = async (preset: PresetName): Promise<RowsOfDay[]> => {
    say(`${preset} days`)
    const days: RowsOfDay[] = []
    for (const seed of full ? [...seeds, ...moreSeeds] : seeds)
      days.push(await rowsOfDay({ preset, seed, inventoryText }))
    return days
  }
  return [...quietRows(await daysOf('quiet'), where), ...stormRows(await daysOf('storm'), where)]
}

function quietRows(days: readonly RowsOfDay[], where: string): Row[] {
  const perShift = days.map(({ perThousandSitesShift }) => perThousandSitesShift)
  const nothing = sum(days, ({ rows }) => rows.filter(({ verdict }) => verdict === 'nothing').length)
  const note = `${noteOf(days, where)}; the most of one day: ${Math.max(...perShift).toFixed(2)}; ${sum(days, ({ outages }) => outages.length)} true outages, ${nothing} rows with none behind them`
  return [
    toRow({
      name: 'quiet day: new rows of operations for 1,000 sites a shift',
      unit: 'rows',
      value: sum(days, ({ perThousandSitesShift }) => perThousandSitesShift) / days.length,
      peer: { name: 'the most that is aimed at', value: aims.quietRows },
      mostRatio: 1,
      note,
    }),
  ]
}

function stormRows(days: readonly RowsOfDay[], where: string): Row[] {
  const rows = sum(days, (day) => day.rows.length)
  const outages = days.flatMap((day) => day.outages)
  const found = days.flatMap((day) =>
    day.outages.flatMap((outage) => {
      const rowMs = day.rowMs.get(outage.id)
      return rowMs === undefined ? [] : [{ outage, rowMs }]
    }),
  )
  const count = (verdict: string): number =>
    sum(days, (day) => day.rows.filter((row) => row.verdict === verdict).length)
  const ratios = days.map((day) => day.rows.length / day.outages.length)
  const note = noteOf(days, where)
  const delays = (sinceMs: (one: (typeof found)[number]) => number | undefined): number =>
    median(
      found.flatMap((one) => {
        const since = sinceMs(one)
        return since === undefined ? [] : [Math.max(0, one.rowMs - since) / minuteMs]
      }),
    )
  return [
    toRow({
      name: 'storm day: new rows of operations',
      unit: 'rows',
      value: rows / days.length,
      peer: { name: 'true outages', value: outages.length / days.length },
      leastRatio: aims.leastRows,
      mostRatio: aims.mostRows,
      note: `${note}; by day ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}; ${count('again')} rows of outages that had one, ${count('nothing')} with none behind them`,
    }),
    toRow({
      name: 'storm day: true outages that have a row',
      unit: 'share',
      value: found.length / outages.length,
      least: aims.recall,
      note,
    }),
    toRow({
      name: 'storm day: from the first complaint to the row, median',
      unit: 'min',
      value: delays(({ outage }) => outage.complainedMs),
      note: `${note}; 0 where the row was there before`,
    }),
    toRow({
      name: 'storm day: from the first notice, complaint or alarm, to the row, median',
      unit: 'min',
      value: delays(({ outage }) => outage.noticedMs),
      note: `${note}; what nobody complains of waits for \`outages.openAfterMs\``,
    }),
  ]
}

function noteOf(days: readonly RowsOfDay[], where: string): string {
  return `seeds ${days.map(({ seed }) => seed).join(', ')}; ${where}`
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0)
}
