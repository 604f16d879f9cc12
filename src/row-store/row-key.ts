import { maxRowKeyBytes, type ScanOptions } from './row-store.ts'

const separator = '\0'
/** Sorts behind every key: no UTF-8 text holds this byte. */
const lastByte = Buffer.from([0xff])

/** UTF-8 needs no more for a unit of UTF-16. */
const maxBytesPerUnit = 3

/** Throws a `RangeError` for a key that cannot be stored; cheap for all others. */
export function requireRowKey(table: string, key: string): void {
  const isShort = (table.length + key.length) * maxBytesPerUnit < maxRowKeyBytes
  if (!isShort || key.includes(separator)) rowKey(table, key)
}

/**
 * The bytes under which a row lies; `suffix` tells one generation of a table from another, and does not count. Throws a
 * `RangeError` for a key that cannot be stored.
 */
export function rowKey(table: string, key: string, suffix = ''): Buffer {
  const bytes = Buffer.from(`${table}${suffix}${separator}${key}`)
  const length = bytes.length - suffix.length
  if (table.includes(separator) || key.includes(separator) || length > maxRowKeyBytes) {
    throw new RangeError(
      `the key ${JSON.stringify(key.slice(0, 100))} of ${table} holds NUL or is longer than ${maxRowKeyBytes} bytes`,
    )
  }
  return bytes
}

/** The name of the table, generation included, from the bytes of a row. */
export function tableOf(bytes: Buffer): string {
  return bytes.toString('utf8', 0, bytes.indexOf(separator))
}

/** Behind every row of a table. */
export function behindTable(table: string): Buffer {
  return Buffer.from(`${table}\u0001`)
}

/** The key within its table, from the bytes of a row. */
export function keyOf(table: string, bytes: Buffer): string {
  return bytes.toString('utf8', Buffer.byteLength(table) + separator.length)
}

/** The bytes under which a version of a row lies. */
export function versionKey(row: Buffer, position: string): Buffer {
  return Buffer.concat([row, Buffer.from(`${separator}${position}`)])
}

/** The half-open range of row bytes that a scan covers, whatever its direction. */
export function scanRange(table: string, options: ScanOptions, suffix = ''): { low: Buffer; high: Buffer } {
  const { prefix = '', from, to, cursor, reverse = false } = options
  const lows: Buffer[] = [rowKey(table, prefix, suffix)]
  const highs: Buffer[] = [Buffer.concat([rowKey(table, prefix, suffix), lastByte])]
  if (from !== undefined) lows.push(rowKey(table, from, suffix))
  if (to !== undefined) highs.push(rowKey(table, to, suffix))
  if (cursor !== undefined) {
    const last = rowKey(table, fromCursor(cursor), suffix)
    if (reverse) highs.push(last)
    else lows.push(Buffer.concat([last, Buffer.from([0])]))
  }
  return {
    low: lows.reduce((greatest, bytes) => (bytes.compare(greatest) > 0 ? bytes : greatest)),
    high: highs.reduce((least, bytes) => (bytes.compare(least) < 0 ? bytes : least)),
  }
}

/** Where the next page goes on: behind this key. */
export function toCursor(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function fromCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString()
}
