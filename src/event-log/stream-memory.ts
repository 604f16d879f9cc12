import { createKnownIds, type KnownIds } from './known-ids.ts'

/** What is known of one stream in the server. */
export interface StreamMemory {
  /** The last revision whose id is known; -1 where there is none. */
  last: number
  /** The stream may hold more than that: others wrote, or an append was sent and not heard of again. */
  isBehind: boolean
  readonly ids: KnownIds
}

export interface StreamMemories {
  /** Of a stream that is not remembered, one that knows nothing and is behind. Counts as used now. */
  of(stream: string): StreamMemory
  /** The stream does not exist: there is nothing to read. */
  learnIsNew(stream: string): void
  /** An event lies behind all that is known of its stream. */
  learn(memory: StreamMemory, id: string, revision: number): void
  /** Forgets what was used longest ago and is beyond the limits; never the streams in use. */
  trim(isInUse: (stream: string) => boolean): void
}

/** Bounded by the number of streams and of ids over all of them. */
export function streamMemories(limits: {
  readonly maxKnownStreams: number
  readonly maxKnownIds: number
}): StreamMemories {
  const memories = new Map<string, StreamMemory>()
  let allIds = 0

  const of = (stream: string): StreamMemory => {
    const memory = memories.get(stream) ?? { last: -1, isBehind: true, ids: createKnownIds() }
    memories.delete(stream)
    memories.set(stream, memory)
    return memory
  }

  return {
    of,
    learnIsNew(stream) {
      if (!memories.has(stream)) of(stream).isBehind = false
    },
    learn(memory, id, revision) {
      memory.ids.add(id, revision)
      memory.last = revision
      allIds += 1
    },
    trim(isInUse) {
      for (const [stream, memory] of memories) {
        if (memories.size <= limits.maxKnownStreams && allIds <= limits.maxKnownIds) return
        if (isInUse(stream)) continue
        memories.delete(stream)
        allIds -= memory.ids.size
      }
    },
  }
}
