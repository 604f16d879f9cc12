import type { EncodedEvent } from './append-limits.ts'
import { decodeEvent } from './block.ts'
import {
  AppendRefusedError,
  LogUnavailableError,
  type AppendResult,
  type ExpectedRevision,
  type Position,
  type RecordedEvent,
} from './event-log.ts'
import { patience, within, type EventStoreParts } from './eventstore-calls.ts'
import { failureOf } from './eventstore-errors.ts'
import type { Heads } from './eventstore-heads.ts'
import { readStreamEvents } from './eventstore-read.ts'
import { beforeAll, toldPosition, toServerEvent } from './eventstore-record.ts'
import { jsonBytes } from './json-bytes.ts'
import { judgeAppend } from './judge-append.ts'
import type { StreamMemories, StreamMemory } from './stream-memory.ts'

export interface AppendCall {
  readonly stream: string
  readonly events: readonly EncodedEvent[]
  readonly expected: ExpectedRevision
}

type Sent = { readonly kind: 'stored'; readonly position: Position } | { readonly kind: 'wrong-revision' }

/** Known events that lie this close together are read in one go. */
const maxGap = 32

/**
 * One call, after all earlier ones on its stream. The server looks at ids only where the revision does *not* match, so known
 * ids are set aside here: against all ids of the stream up to a revision, which the server then holds the call to.
 */
export async function appendCall(
  parts: EventStoreParts,
  memories: StreamMemories,
  heads: Heads,
  call: AppendCall,
): Promise<AppendResult> {
  const { stream, events, expected } = call
  const memory = memories.of(stream)
  let isFresh = false
  for (let attempt = 1; attempt <= parts.limits.maxAttempts; attempt += 1) {
    if (memory.isBehind) {
      await catchUp(parts, memories, memory, stream)
      isFresh = true
    }
    const known = await readKnown(parts, stream, memory, events)
    const verdict = judgeAppend(events, expected, {
      last: memory.last === -1 ? 'no_stream' : memory.last,
      beforeAll,
      find: (key) => known.get(key),
    })
    if (verdict.kind === 'wrong-revision') {
      if (isFresh) return verdict
      // Others may have written here since.
      memory.isBehind = true
      continue
    }
    const { fresh, duplicates, differing, knownUpTo } = verdict
    const knownBefore = heads.known()
    const sent: Sent =
      fresh.length === 0
        ? { kind: 'stored', position: knownUpTo }
        : await send(parts, memory, { ...call, events: fresh })
    // At a position of the past lies what somebody else stored under the same ids: it is to be compared, not taken as ours.
    const isOfThePast = fresh.length > 0 && sent.kind === 'stored' && sent.position <= knownBefore
    if (sent.kind === 'wrong-revision' || isOfThePast) {
      memory.isBehind = true
      continue
    }
    for (const { key } of fresh) memories.learn(memory, key, memory.last + 1)
    heads.hear(sent.position)
    return {
      kind: 'appended',
      revision: memory.last,
      position: sent.position,
      stored: fresh.map(({ id }) => id),
      duplicates,
      differing,
    }
  }
  throw new LogUnavailableError(
    `${stream} is written to by others all the time (${parts.limits.maxAttempts} attempts, maxAttempts): send again later`,
  )
}

/** Reads the ids that are not known yet; all of them, the first time. */
export async function catchUp(
  parts: EventStoreParts,
  memories: StreamMemories,
  memory: StreamMemory,
  stream: string,
): Promise<void> {
  for await (const batch of readStreamEvents(parts, stream, { fromRevision: memory.last + 1 })) {
    for (const { id, revision } of batch) memories.learn(memory, id, revision)
  }
  memory.isBehind = false
}

/** The events of the stream that have an id of the call, to compare them. */
async function readKnown(
  parts: EventStoreParts,
  stream: string,
  memory: StreamMemory,
  events: readonly EncodedEvent[],
): Promise<ReadonlyMap<string, RecordedEvent>> {
  const revisions = new Set(events.flatMap(({ key }) => memory.ids.revisionsOf(key)))
  const known = new Map<string, RecordedEvent>()
  for (const { first, last } of rangesOf([...revisions].sort((a, b) => a - b))) {
    const range = { fromRevision: first, maxEvents: last - first + 1 }
    for await (const batch of readStreamEvents(parts, stream, range)) {
      for (const event of batch) known.set(event.id.toLowerCase(), event)
    }
  }
  return known
}

function rangesOf(sorted: readonly number[]): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = []
  for (const revision of sorted) {
    const open = ranges.at(-1)
    if (open !== undefined && revision - open.last <= maxGap) open.last = revision
    else ranges.push({ first: revision, last: revision })
  }
  return ranges
}

/**
 * Sends until the server says yes or no: always the same ids at the same exact revision, which it stores once however often
 * it gets them. Where it stays away, whether they are stored is open, and the stream is read before the next call.
 */
async function send(parts: EventStoreParts, memory: StreamMemory, call: AppendCall): Promise<Sent> {
  const { connection, limits, prefix } = parts
  const patient = patience(parts)
  const events = call.events.map(toServerEvent)
  const expectedRevision = call.expected === 'no_stream' ? 'no_stream' : BigInt(call.expected)
  for (;;) {
    const lease = connection.lease()
    try {
      const sending = lease.client.appendToStream(prefix + call.stream, events, {
        expectedRevision,
        requiresLeader: true,
        deadline: limits.callTimeoutMs,
      })
      const { success, position } = await within(limits.callTimeoutMs, sending)
      if (!success) return { kind: 'wrong-revision' }
      const last = memory.last + events.length
      const told = toldPosition(position) ?? (await positionAt(parts, call.stream, last))
      return { kind: 'stored', position: told }
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind === 'wrong-revision') return { kind: 'wrong-revision' }
      if (failure.kind === 'too-large') throw tooLarge(call.events, failure.reason)
      memory.isBehind = true
      await patient.afterFailure(lease, error)
    }
  }
}

/** An answer to a call whose events the server held already does not always tell where they lie. */
async function positionAt(parts: EventStoreParts, stream: string, revision: number): Promise<Position> {
  const range = { fromRevision: revision, maxEvents: 1 }
  for await (const [event] of readStreamEvents(parts, stream, range)) {
    if (event !== undefined) return event.position
  }
  throw new LogUnavailableError(`${stream} ends before what it has acknowledged: send again`)
}

/** Refuses what the server would take only in part. `maxAppendBytes` is held against the same sum as the server's limit. */
export function requireSize(events: readonly EncodedEvent[], maxAppendBytes: number): void {
  // The text is ASCII, in which UTF-8 is never longer, and lacks the names of a few fields.
  const atMost = events.reduce((sum, { text }) => sum + text.length + fieldNamesBytes, 0)
  if (atMost <= maxAppendBytes) return
  const bytes = events.reduce((sum, { text }) => sum + jsonBytes(decodeEvent(text)), 0)
  if (bytes > maxAppendBytes) {
    throw tooLarge(events, `${bytes} bytes are more than ${maxAppendBytes} (maxAppendBytes)`)
  }
}

const fieldNamesBytes = 100

function tooLarge(events: readonly EncodedEvent[], reason: string): AppendRefusedError {
  const [only] = events
  return events.length === 1
    ? new AppendRefusedError('event-too-large', `event ${only?.id} is too large: ${reason}; shorten its data`)
    : new AppendRefusedError('call-too-large', `the call is too large: ${reason}; send it in several calls`)
}
