import type { Position } from '../event-log/event-log.ts'

/**
 * A version of a row. Stored are its position, the number of the commit since which the row is there, and its JSON, parted
 * by spaces; behind a deletion's position nothing but the space.
 */
export interface Version {
  readonly position: Position
  readonly bytes: Buffer
}

const space = 0x20

export function toBytes(position: Position, bornIn: number | undefined, value: object | undefined): Buffer {
  return Buffer.from(bornIn === undefined ? `${position} ` : `${position} ${bornIn} ${JSON.stringify(value)}`)
}

export function toVersion(bytes: Buffer): Version {
  return { position: bytes.toString('latin1', 0, bytes.indexOf(space)), bytes }
}

export function isDeletion({ position, bytes }: Version): boolean {
  return bytes.length === position.length + 1
}

/** The commit since which the row is there; `undefined` where this version deletes it. */
export function bornInOf(version: Version): number | undefined {
  if (isDeletion(version)) return undefined
  const { position, bytes } = version
  return Number(bytes.toString('latin1', position.length + 1, bytes.indexOf(space, position.length + 1)))
}

export function toValue(version: Version): object | undefined {
  if (isDeletion(version)) return undefined
  const { position, bytes } = version
  return JSON.parse(bytes.toString('utf8', bytes.indexOf(space, position.length + 1) + 1)) as object
}
