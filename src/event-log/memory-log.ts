import type { Envelope } from '../../schemas/envelope.ts'
import { defaultAppendLimits, encodeCall, type AppendLimits } from './append-limits.ts'
import { changeBell, closedError, follow, readInBatches, type Growth, type Load } from './batches.ts'
import { decodeEvent } from './block.ts'
import type { AppendResult, EventLog, ExpectedRevision, RecordedEvent } from './event-log.ts'
import { judgeAppend } from './judge-append.ts'
import { toOrdinal, toPosition } from './position.ts'

interface MemoryStream {
  readonly events: RecordedEvent[]
  readonly byId: Map<string, RecordedEvent>
}

/** A log that lives as long as its process: for tests and trials. Keeps every rule of the port but outliving the process. */
export function openMemoryLog(limits: Partial<AppendLimits> = {}): EventLog {
  const appendLimits = { ...defaultAppendLimits, ...limits }
  const all: RecordedEvent[] = []
  const streams = new Map<string, MemoryStream>()
  const bell = changeBell()
  let closed = false
  const growth: Growth = {
    isClosed: () => closed,
    isLast: (event) => event === all.at(-1),
    onChange: bell.onChange,
  }

  const append = (stream: string, events: readonly Envelope[], expected: ExpectedRevision): AppendResult => {
    if (closed) throw closedError()
    const encoded = encodeCall(stream, events, appendLimits)
    const held: MemoryStream = streams.get(stream) ?? { events: [], byId: new Map() }
    const verdict = judgeAppend(encoded, expected, {
      last: held.events.at(-1)?.revision ?? 'no_stream',
      beforeAll: toPosition(0),
      find: (key) => held.byId.get(key),
    })
    if (verdict.kind === 'wrong-revision') return verdict
    const { fresh, duplicates, differing, knownUpTo } = verdict
    for (const { key, text } of fresh) {
      const place = { stream, revision: held.events.length, position: toPosition(all.length + 1) }
      const recorded: RecordedEvent = { ...decodeEvent(text), ...place }
      all.push(recorded)
      held.events.push(recorded)
      held.byId.set(key, recorded)
    }
    if (fresh.length > 0) {
      streams.set(stream, held)
      bell.ring()
    }
    return {
      kind: 'appended',
      revision: held.events.length - 1,
      position: fresh.length > 0 ? toPosition(all.length) : knownUpTo,
      stored: fresh.map(({ id }) => id),
      duplicates,
      differing,
    }
  }

  return {
    keepsCallOrder: true,
    append: async (stream, events, expected) => append(stream, events, expected),
    readStream: (stream, { fromRevision, direction, maxEvents } = {}) => {
      const events = streams.get(stream)?.events ?? []
      return readInBatches(
        direction === 'backwards'
          ? backwards(events, fromRevision ?? events.length - 1, ({ revision }) => revision)
          : forwards(events, fromRevision ?? 0, ({ revision }) => revision, events.length),
        growth,
        maxEvents,
      )
    },
    readAll: ({ after, direction, maxEvents } = {}) => {
      const from = after === undefined ? undefined : toOrdinal(after)
      return readInBatches(
        direction === 'backwards'
          ? backwards(all, (from ?? all.length + 1) - 2, indexInAll)
          : forwards(all, from ?? 0, indexInAll, all.length),
        growth,
        maxEvents,
      )
    },
    subscribe: ({ after, signal, batchSize }) =>
      follow(
        forwards(all, after === undefined ? 0 : toOrdinal(after), indexInAll),
        growth,
        signal,
        batchSize,
      ),
    revisionOf: async (stream) => streams.get(stream)?.events.at(-1)?.revision ?? 'no_stream',
    head: async () => all.at(-1)?.position,
    close: async () => {
      closed = true
      bell.ring()
    },
  }
}

type IndexOf = (event: RecordedEvent) => number
const indexInAll: IndexOf = ({ position }) => toOrdinal(position) - 1

function forwards(events: readonly RecordedEvent[], first: number, indexOf: IndexOf, end?: number): Load {
  return (last, wanted) => {
    const start = last === undefined ? Math.max(0, first) : indexOf(last) + 1
    return events.slice(start, Math.min(start + wanted, end ?? events.length))
  }
}

function backwards(events: readonly RecordedEvent[], first: number, indexOf: IndexOf): Load {
  return (last, wanted) => {
    const start = Math.min(last === undefined ? first : indexOf(last) - 1, events.length - 1)
    return events.slice(Math.max(0, start - wanted + 1), start + 1).reverse()
  }
}
