import type { Position } from '../event-log/event-log.ts'
import { ownerOf, plainName, suffixOf } from './row-generation.ts'
import { keyOf, rowKey, scanRange, tableOf, toCursor } from './row-key.ts'
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

interface MemoryRows {
  readonly byName: Map<string, MemoryRow>
  /** How often a name came or went. */
  changes: number
}

type SuffixOf = (table: string) => string

/** Rows in memory, for tests and trials: its heap grows with history. */
export function openMemoryRowStore(): RowStore {
  const rows: MemoryRows = { byName: new Map(), changes: 0 }
  const generations = new Map<string, number>()
  let latestCheckpoint: Position | undefined
  const suffixNow: SuffixOf = (table) => suffixOf(generations.get(ownerOf(table)) ?? 0)
  const named = rowsNamed(rows, suffixNow)
  return {
    checkpoint: () => latestCheckpoint,
    commit: (checkpoint, writes) => {
      named.store(writes)
      latestCheckpoint = checkpoint
    },
    get: named.get,
    scan: named.scan,
    beside: (owner) => {
      const next = (generations.get(owner) ?? 0) + 1
      const beside = rowsNamed(rows, (table) =>
        ownerOf(table) === owner ? suffixOf(next) : suffixNow(table),
      )
      return {
        get: beside.get,
        commit: (_, writes) => beside.store(writes),
        takeOver: () => void generations.set(owner, next),
      }
    },
    sweep: () => {
      for (const [name, { bytes }] of rows.byName) {
        const table = tableOf(bytes)
        const plain = plainName(table)
        if (table !== `${plain}${suffixNow(plain)}`) rows.byName.delete(name)
      }
      rows.changes += 1
      return false
    },
    close: async () => {},
  }
}

interface NamedRows extends Pick<RowStore, 'get' | 'scan'> {
  store(writes: readonly RowWrite[]): void
}

function rowsNamed(rows: MemoryRows, suffixOf: SuffixOf): NamedRows {
  let sorted: readonly MemoryRow[] = []
  let sortedAt = -1
  const bytesOf = (table: string, key: string) => rowKey(table, key, suffixOf(table))

  /** Throws before anything is stored. */
  const checkOrder = (writes: readonly RowWrite[]) => {
    const pending = new Map<string, Position>()
    for (const write of writes) {
      const name = bytesOf(write.table, write.key).toString()
      const newest = pending.get(name) ?? rows.byName.get(name)?.versions.at(-1)?.position
      if (newest !== undefined && newest > write.position) throw behindNewest(write, newest)
      pending.set(name, write.position)
    }
  }

  const addVersion = ({ table, key, position }: RowWrite, json: string | undefined) => {
    const bytes = bytesOf(table, key)
    const name = bytes.toString()
    const known = rows.byName.get(name)
    const row = known ?? { bytes, versions: [] }
    if (known === undefined) {
      rows.byName.set(name, row)
      rows.changes += 1
    }
    if (row.versions.at(-1)?.position === position) row.versions.pop()
    row.versions.push({ position, json })
  }

  const inOrder = (): readonly MemoryRow[] => {
    if (sortedAt !== rows.changes) {
      sorted = [...rows.byName.values()].toSorted((left, right) => left.bytes.compare(right.bytes))
      sortedAt = rows.changes
    }
    return sorted
  }

  const scan = (table: string, options: ScanOptions): Page => {
    const suffix = suffixOf(table)
    const { low, high } = scanRange(table, options, suffix)
    const within = inOrder().filter(({ bytes }) => bytes.compare(low) >= 0 && bytes.compare(high) < 0)
    const found: Row[] = []
    let scanned = 0
    for (const row of options.reverse === true ? within.toReversed() : within) {
      if (options.asOf === undefined && row.versions.at(-1)?.json === undefined) continue
      const key = keyOf(table + suffix, row.bytes)
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
    store: (writes) => {
      checkOrder(writes)
      const texts = writes.map(({ value }) => (value === undefined ? undefined : JSON.stringify(value)))
      writes.forEach((write, index) => addVersion(write, texts[index]))
    },
    get: (table, key, asOf) => {
      const row = rows.byName.get(bytesOf(table, key).toString())
      const json = row && versionAsOf(row, asOf)?.json
      return json === undefined ? undefined : (JSON.parse(json) as object)
    },
    scan,
  }
}

function versionAsOf({ versions }: MemoryRow, asOf: Position | undefined): Version | undefined {
  return asOf === undefined ? versions.at(-1) : versions.findLast(({ position }) => position <= asOf)
}
