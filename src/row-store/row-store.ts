import type { Position } from '../event-log/event-log.ts'

/** One new version of a row. `value` is JSON; `undefined` deletes the row, whose earlier versions stay. */
export interface RowWrite {
  readonly table: string
  readonly key: string
  readonly value: object | undefined
  /** Of the event that this version follows from. */
  readonly position: Position
}

export interface Row {
  readonly key: string
  readonly value: object
  /** Since when the row has been so. */
  readonly position: Position
}

export interface ScanOptions {
  readonly prefix?: string
  /** Lowest key, inclusive. */
  readonly from?: string
  /** Highest key, exclusive. */
  readonly to?: string
  /** `next` of the page before. */
  readonly cursor?: string
  readonly limit: number
  readonly reverse?: boolean
  /** The rows as they were behind this position; left out: as they are. */
  readonly asOf?: Position
}

/** A page may be shorter than asked for and still have a next: only so many rows are looked at in one scan. */
export interface Page {
  readonly rows: readonly Row[]
  /** Opaque: pass it as `cursor`. Absent on the last page. */
  readonly next?: string
}

/**
 * Where projections keep their rows: every version under (table, key, position), so that "as of" is the newest version
 * at or before a position (P1). Disposable: it can be made again from the log, so nothing waits for the disk. Reads are
 * synchronous and see what was committed. Keys sort by their UTF-8 bytes; projections choose keys for the order that
 * their queries need. Tables and keys hold no NUL character and at most `maxRowKeyBytes` together.
 */
export interface RowStore {
  /** The position up to which the rows follow the log; `undefined` in an empty store. */
  checkpoint(): Position | undefined
  /**
   * Rows and checkpoint together or not at all. Writes come in the order of their positions; of two for one row and
   * position the later counts. Throws a `RangeError` for a write behind its row's newest version.
   */
  commit(checkpoint: Position, writes: readonly RowWrite[]): void
  /** A fresh object at every call. */
  get(table: string, key: string, asOf?: Position): object | undefined
  scan(table: string, options: ScanOptions): Page
  /**
   * Begins the rows of one owner anew, beside those that are read: tables belong to whoever the first part of their name (up to
   * a dot) says. What was written beside before and never took over must have been swept away.
   */
  beside(owner: string): RowsBeside
  /** Removes some of the rows that nobody reads any more, in one short step. Answers whether there may be more. */
  sweep(): boolean
  close(): Promise<void>
}

/** Rows that will take the place of those that are read. They count for nothing before, also where the process ends. */
export interface RowsBeside extends Pick<RowStore, 'get' | 'commit'> {
  /** From now on these are read, and all earlier ones are to be swept away. At once, or not at all. */
  takeOver(): void
}

/** The most rows that one step of sweeping removes. */
export const maxSweptRows = 5_000

/** The most rows that one scan looks at; as of an earlier position, deleted ones and younger ones count too. */
export const maxScannedRows = 10_000
export const maxRowKeyBytes = 1_800

/** Thrown by `commit` for a version that would lie before its row's newest. */
export function behindNewest({ table, key, position }: RowWrite, newest: Position): RangeError {
  return new RangeError(`${table} ${key} has a version at ${newest}, and ${position} lies before it`)
}
