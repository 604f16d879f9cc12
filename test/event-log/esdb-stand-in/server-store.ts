/** An event as a server holds it; `data` and `metadata` are whatever bytes it was given. */
export interface HeldEvent {
  readonly stream: string
  readonly revision: number
  readonly position: bigint
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

export type ProposedEvent = Omit<HeldEvent, 'stream' | 'revision' | 'position'>
export type Expected = 'any' | 'no_stream' | number

export type StoreResult =
  | { readonly kind: 'stored'; readonly last: number; readonly position: bigint }
  | { readonly kind: 'wrong-revision'; readonly current: number }
  | { readonly kind: 'too-large' }

export interface ServerStore {
  readonly all: readonly HeldEvent[]
  stream(name: string): readonly HeldEvent[]
  append(stream: string, proposed: readonly ProposedEvent[], expected: Expected): StoreResult
  /** Calls back after every append, until cancelled. */
  onAppend(callback: () => void): () => void
  forgetListeners(): void
}

const maxAppendBytes = 1_048_576
/** Positions are offsets of bytes in a file that begins with the server's own records. */
const firstPosition = 4_096n
const recordBytes = 60n
/** What a server says of events that it held already and cannot read at once. */
const unknownPosition = 0xffff_ffff_ffff_ffffn

/** Keeps the rules that were observed of a real server, with their holes. */
export function createServerStore(): ServerStore {
  const all: HeldEvent[] = []
  const streams = new Map<string, HeldEvent[]>()
  const listeners = new Set<() => void>()
  let nextPosition = firstPosition

  const store = (stream: string, proposed: readonly ProposedEvent[]) => {
    const held = streams.get(stream) ?? []
    for (const event of proposed) {
      const stored = { ...event, stream, revision: held.length, position: nextPosition }
      nextPosition += recordBytes + BigInt(event.data.length + event.metadata.length)
      held.push(stored)
      all.push(stored)
    }
    if (held.length > 0) streams.set(stream, held)
    for (const tell of listeners) tell()
    return { kind: 'stored', last: held.length - 1, position: held.at(-1)?.position ?? 0n } as const
  }

  return {
    all,
    stream: (name) => streams.get(name) ?? [],
    append(stream, proposed, expected) {
      const bytes = proposed.reduce(
        (sum, { type, data, metadata }) => sum + 2 * type.length + data.length + metadata.length,
        0,
      )
      if (bytes >= maxAppendBytes) return { kind: 'too-large' }
      const held = streams.get(stream) ?? []
      const current = held.length - 1
      const revision = expected === 'no_stream' ? -1 : expected
      // Where the revision matches, ids are not looked at, and content never is.
      if (revision === 'any' || revision === current) return store(stream, proposed)
      const earlier = held.slice(revision + 1, revision + 1 + proposed.length)
      const last = earlier.at(-1)
      const isResent =
        earlier.length === proposed.length && earlier.every(({ id }, at) => id === proposed[at]?.id)
      return isResent && last !== undefined
        ? { kind: 'stored', last: last.revision, position: unknownPosition }
        : { kind: 'wrong-revision', current }
    },
    onAppend(callback) {
      listeners.add(callback)
      return () => listeners.delete(callback)
    },
    forgetListeners: () => listeners.clear(),
  }
}

/** An event of the server itself or of another program. */
export function foreignEvent(id: number, type: string): ProposedEvent {
  return {
    id: `ffffffff-0000-4000-8000-${id.toString(16).padStart(12, '0')}`,
    type,
    contentType: 'application/json',
    data: Buffer.from('{"of":"others"}'),
    metadata: new Uint8Array(),
  }
}
