import { toMs } from '../schemas/instant.ts'
import { cellsOfInterval, cellsOfPoint, type IntervalCell } from '../src/intervals/interval-cells.ts'
import { key, newestFirst } from './key.ts'

/** From when to when something was so in the world. Left out: from ever, or with no end so far. */
export interface Spell {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export type SpellStatus = 'not-begun' | 'open' | 'over'

/** How a spell stood at a moment: at its beginning it is open, at its end it is over. */
export function spellStatus({ from, to }: Spell, at: string): SpellStatus {
  if (from !== undefined && at < from) return 'not-begun'
  return to !== undefined && at >= to ? 'over' : 'open'
}

const unitMs = 60_000
/** No two moments that an event may carry lie further apart: 127 years. */
const longestUnits = 2 ** 26
const unended = 'unended'

/** Where a spell stands in a list that is asked what was so at a moment; by the beginning within each part of it. */
export function spellKeys(from: string, to: string | undefined, id: string): readonly string[] {
  if (to === undefined) return [key(unended, newestFirst(from), id)]
  const ends = [unitOf(from), unitOf(to < from ? from : to)] as const
  return cellsOfInterval(...ends).map((cell) => key(nameOf(cell), newestFirst(from), id))
}

/** The parts of such a list that hold what was so at a moment, and little else. */
export function spellsAround(at: string): readonly (readonly string[])[] {
  return [[unended], ...cellsOfPoint(unitOf(at), longestUnits).map((cell) => [nameOf(cell)])]
}

function unitOf(instant: string): number {
  return Math.floor(toMs(instant) / unitMs)
}

function nameOf({ level, index }: IntervalCell): string {
  return `${level}.${index}`
}
