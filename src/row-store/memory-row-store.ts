import type { Position } from '../event-log/event-log.ts'
import { keyOf, rowKey, scanRange, toCursor } from './row-key.ts'
import {
  behindNewest,
  maxScannedRows,
  type Page,
  type Row,
  type RowStore,
  type RowWrite,
  type ScanOptions,
} from './row-store.ts'

interface Version {
  readonly position: Position
  /** `undefined` where the row is deleted. */
  readonly json: string | undefined
}

interface MemoryRow {
  readonly bytes: Buffer
  readonly versions: Version[]
}

/** Rows in memory, for tests and trials: its heap grows with history. */
export function openMemoryRowStore(): RowStore {
  const rows = new Map<string, MemoryRow>()
  let sorted: readonly MemoryRow[] = []
  let latestCheckpoint: Position | undefined

  const nameOf = (table: string, key: string) => rowKey(table, key).toString()

  /** Throws before anything is stored. */
  const checkOrder = (writes: readonly RowWrite[]) => {
    const pending = new Map<string, Position>()
    for (const write of writes) {
      const name = nameOf(write.table, write.key)
      const newest = pending.get(name) ?? rows.get(name)?.versions.at(-1)?.position
      if (newest !== undefined && newest > write.position) throw behindNewest(write, newest)
      pending.set(name, write.position)
    }
  }

  const addVersion = ({ table, key, position }: RowWrite, json: string | undefined) => {
    const name = nameOf(table, key)
    const row = rows.get(name) ?? { bytes: rowKey(table, key), versions: [] }
    rows.set(name, row)
    if (row.versions.at(-1)?.position === position) row.versions.pop()
    row.versions.push({ position, json })
  }

  const inOrder = (): readonly MemoryRow[] => {
    if (sorted.length !== rows.size) {
      sorted = [...rows.values()].toSorted((left, right) => left.bytes.compare(right.bytes))
    }
    return sorted
  }

  const scan = (table: string, options: ScanOptions): Page => {
    const { low, high } = scanRange(table, options)
    const within = inOrder().filter(({ bytes }) => bytes.compare(low) >= 0 && bytes.compare(high) < 0)
    const found: Row[] = []
    let scanned = 0
    for (const row of options.reverse === true ? within.toReversed() : within) {
      if (options.asOf === undefined && row.versions.at(-1)?.json === undefined) continue
      const key = keyOf(table, row.bytes)
      const version = versionAsOf(row, options.asOf)
      if (version?.json !== undefined) {
        const last = found.at(-1)
        if (last !== undefined && found.length >= options.limit)
          return { rows: found, next: toCursor(last.key) }
        found.push({ key, value: JSON.parse(version.json) as object, position: version.position })
      }
      scanned += 1
      if (scanned >= maxScannedRows) return { rows: found, next: toCursor(key) }
    }
    return { rows: found }
  }

  return {
    checkpoint: () => latestCheckpoint,
    commit: (checkpoint, writes) => {
      checkOrder(writes)
      const texts = writes.map(({ value }) => (value === undefined ? undefined : JSON.stringify(value)))
      writes.forEach((write, index) => addVersion(write, texts[index]))
      latestCheckpoint = checkpoint
    },
    get: (table, key, asOf) => {
      const row = rows.get(nameOf(table, key))
      const json = row && versionAsOf(row, asOf)?.json
      return json === undefined ? undefined : (JSON.parse(json) as object)
    },
    scan,
    close: async () => {},
  }
}

function versionAsOf({ versions }: MemoryRow, asOf: Position | undefined): Version | undefined {
  return asOf === undefined ? versions.at(-1) : versions.findLast(({ position }) => position <= asOf)
}
