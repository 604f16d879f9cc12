import type { EventData, RecordedEvent as ServerEvent } from '@eventstore/db-client'
import type { Envelope } from '../../schemas/envelope.ts'
import type { EncodedEvent } from './append-limits.ts'
import { decodeEvent } from './block.ts'
import { DamagedRecordError, LogUnavailableError, type Position, type RecordedEvent } from './event-log.ts'

/**
 * What the server keeps as an event's metadata: all of the envelope that it has no field for. Stored: a change here is a
 * migration. The server writes ids in lower case, so an id in another spelling is kept here too.
 */
interface StoredMetadata {
  readonly schemaVersion: Envelope['schemaVersion']
  readonly occurredAt: Envelope['occurredAt']
  readonly recordedAt: Envelope['recordedAt']
  readonly meta: Envelope['meta']
  readonly id?: string
}

/** An event as the client sends it. */
export function toServerEvent({ id, key, text }: EncodedEvent): EventData {
  const { type, schemaVersion, occurredAt, recordedAt, data, meta } = decodeEvent(text)
  const metadata: StoredMetadata = {
    schemaVersion,
    occurredAt,
    recordedAt,
    meta,
    ...(id === key ? {} : { id }),
  }
  return { id: key, contentType: 'application/json', type, data, metadata: { ...metadata } }
}

/**
 * An event as the client gives it, in the stream's name without the prefix. Throws `DamagedRecordError` where it is none
 * of ours. Its keys come in the order of the other logs, so that folds see one shape.
 */
export function fromServerEvent(event: ServerEvent, prefix: string): RecordedEvent {
  const position = positionOf(event)
  const stored = objectOf(event.metadata)
  const data = objectOf(event.data)
  if (data === undefined) throw new DamagedRecordError(position, 'its data is no JSON object')
  if (!isStoredMetadata(stored)) {
    throw new DamagedRecordError(
      position,
      `it was not written by Causeway: keep other programs out of streams that begin with ${prefix}`,
    )
  }
  return {
    id: stored.id ?? event.id,
    type: event.type,
    schemaVersion: stored.schemaVersion,
    occurredAt: stored.occurredAt,
    recordedAt: stored.recordedAt,
    data,
    meta: stored.meta,
    stream: event.streamId.slice(prefix.length),
    revision: Number(event.revision),
    position,
  }
}

/** The client hands out what it cannot parse as a string or as bytes, and says nothing. */
function objectOf(value: unknown): Record<string, unknown> | undefined {
  const parsed =
    typeof value === 'string' || value instanceof Uint8Array ? parse(Buffer.from(value).toString()) : value
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? (parsed as Record<string, unknown>)
    : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isStoredMetadata(value: object | undefined): value is StoredMetadata {
  const metadata = value as Partial<StoredMetadata> | undefined
  return (
    typeof metadata?.schemaVersion === 'number' &&
    typeof metadata.occurredAt === 'string' &&
    typeof metadata.recordedAt === 'string' &&
    typeof metadata.meta === 'object'
  )
}

/** Digits of the greatest 64-bit number: positions of this width sort as text in log order. */
const width = 20
const greatest = 0xffff_ffff_ffff_ffffn

/** The position before all events. */
export const beforeAll: Position = '0'.repeat(width)

/** The server's commit position. Every event of ours commits itself, so its prepare position is the same. */
function toPosition(commit: bigint): Position {
  return commit.toString().padStart(width, '0')
}

/** Throws a `RangeError` for a text that this log never gave out. */
export function toCommit(position: Position): bigint {
  if (!/^\d{20}$/.test(position)) {
    throw new RangeError(`"${position}" is no position of this log: pass one that it gave out`)
  }
  return BigInt(position)
}

/** Throws `LogUnavailableError` where the server does not tell it. */
export function positionOf(event: Pick<ServerEvent, 'position'>): Position {
  const told = toldPosition(event.position)
  if (told !== undefined) return told
  throw new LogUnavailableError(
    'this server does not tell the positions of events when it reads a stream: use version 22.10 or later',
  )
}

/** `undefined` where the server does not say, in whichever of its two ways. */
export function toldPosition(position: ServerEvent['position']): Position | undefined {
  return position === undefined || position.commit === greatest ? undefined : toPosition(position.commit)
}

export function laterOf(one: Position, other: Position): Position {
  return one > other ? one : other
}
