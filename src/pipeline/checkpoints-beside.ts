export interface CheckpointsBesideOptions {
  /** Takes a checkpoint in a process of its own; answers what went wrong, if anything. */
  readonly take: (signal: AbortSignal) => Promise<string | undefined>
  /** After so many inputs one is due. */
  readonly everyInputs: number
  /** The most of one processor that taking them may use in the long run, from 0 to 1. */
  readonly maxShare: number
  /** Milliseconds from any origin. */
  readonly stopwatchMs: () => number
  /** Whether a start is over; until then there is enough to do. */
  readonly isServing: () => boolean
  readonly onTrouble: (error: unknown) => void
}

export interface CheckpointsBeside {
  /** So many more inputs are decided. */
  stored(inputs: number): void
  /** Ends the one that is under way; the last whole one stays. */
  close(): Promise<void>
}

/** Has checkpoints taken while the engine works, one at a time, by somebody else: taking one holds an engine up for seconds. */
export function checkpointsBeside(options: CheckpointsBesideOptions): CheckpointsBeside {
  const { take, everyInputs, maxShare, stopwatchMs, isServing, onTrouble } = options
  const abort = new AbortController()
  let inputsSince = 0
  let notBeforeMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  const run = async () => {
    const startedMs = stopwatchMs()
    try {
      const trouble = await take(abort.signal)
      if (trouble !== undefined && !abort.signal.aborted) {
        onTrouble(new Error(`no checkpoint was taken: ${trouble}`))
      }
    } catch (error) {
      if (!abort.signal.aborted) onTrouble(error)
    }
    const endedMs = stopwatchMs()
    notBeforeMs = endedMs + (endedMs - startedMs) * (1 / maxShare - 1)
    running = undefined
  }

  return {
    stored(inputs) {
      inputsSince += inputs
      if (inputsSince < everyInputs || running !== undefined || !isServing()) return
      if (stopwatchMs() < notBeforeMs) return
      inputsSince = 0
      running = run()
    },
    async close() {
      abort.abort()
      await running
    },
  }
}
