import { AppendRefusedError } from './event-log.ts'

/** What a call came to within its transaction. */
export type Outcome<Result> =
  { readonly kind: 'done'; readonly result: Result } | { readonly kind: 'failed'; readonly error: unknown }

export interface GroupCommitLimits {
  readonly maxQueueBytes: number
  /** The most bytes of one transaction: a long one keeps everything else waiting. */
  readonly maxFlushBytes: number
}

interface Waiting<Call, Result> {
  readonly call: Call
  readonly bytes: number
  resolve(result: Result): void
  reject(error: unknown): void
}

export interface GroupCommit<Call, Result> {
  /** Resolves when the call is durable. Throws `AppendRefusedError` where the queue is full. */
  submit(call: Call, bytes: number): Promise<Result>
  /** Resolves when nothing waits any longer. */
  drain(): Promise<void>
}

/**
 * Gathers the calls of one turn of the event loop into one transaction: a hundred writers share one wait for the disk.
 * `commit` is synchronous and all or nothing: what it throws, all its calls get.
 */
export function groupCommit<Call, Result>(
  commit: (calls: readonly Call[]) => readonly Outcome<Result>[],
  limits: GroupCommitLimits,
): GroupCommit<Call, Result> {
  let queue: Waiting<Call, Result>[] = []
  let queuedBytes = 0
  let drained: (() => void)[] = []

  const takeGroup = (): readonly Waiting<Call, Result>[] => {
    let bytes = 0
    const over = queue.findIndex((waiting, index) => {
      bytes += waiting.bytes
      return index > 0 && bytes > limits.maxFlushBytes
    })
    const group = over === -1 ? queue : queue.slice(0, over)
    queue = queue.slice(group.length)
    queuedBytes -= group.reduce((sum, waiting) => sum + waiting.bytes, 0)
    return group
  }

  const flush = () => {
    const group = takeGroup()
    if (queue.length > 0) setImmediate(flush)
    try {
      const outcomes = commit(group.map(({ call }) => call))
      group.forEach((waiting, index) => settle(waiting, outcomes[index]))
    } catch (error) {
      for (const waiting of group) waiting.reject(error)
    }
    if (queue.length === 0) {
      for (const resolve of drained) resolve()
      drained = []
    }
  }

  return {
    submit: (call, bytes) =>
      new Promise((resolve, reject) => {
        if (queue.length > 0 && queuedBytes + bytes > limits.maxQueueBytes) {
          const message = `${queuedBytes} bytes wait for the disk, and ${limits.maxQueueBytes} may (maxQueueBytes): send again later`
          reject(new AppendRefusedError('queue-full', message))
          return
        }
        if (queue.length === 0) setImmediate(flush)
        queue.push({ call, bytes, resolve, reject })
        queuedBytes += bytes
      }),
    drain: () => (queue.length === 0 ? Promise.resolve() : new Promise((resolve) => drained.push(resolve))),
  }
}

function settle<Call, Result>(waiting: Waiting<Call, Result>, outcome: Outcome<Result> | undefined): void {
  switch (outcome?.kind) {
    case 'done':
      waiting.resolve(outcome.result)
      return
    case 'failed':
      waiting.reject(outcome.error)
      return
    case undefined:
      waiting.reject(new Error('a commit must give an outcome for every call'))
  }
}
