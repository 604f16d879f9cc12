import type { Position } from './event-log.ts'

/** Digits of the greatest safe integer: positions of this width sort as text in log order. */
const width = 16

/** The position of the `ordinal`th event of a log, counted from 1; of 0, a position before all events. */
export function toPosition(ordinal: number): Position {
  return String(ordinal).padStart(width, '0')
}

/** The ordinal of a position. Throws a `RangeError` for a text that this log never gave out. */
export function toOrdinal(position: Position): number {
  const ordinal = /^\d{16}$/.test(position) ? Number(position) : Number.NaN
  if (!Number.isSafeInteger(ordinal)) {
    throw new RangeError(`"${position}" is no position of this log: pass one that it gave out`)
  }
  return ordinal
}
