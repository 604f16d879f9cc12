import type { Engine } from '../correlate/engine.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { writeCheckpoint, type Checkpoint } from './checkpoint-file.ts'
import type { Stand } from './logged-decisions.ts'

export interface KeepCheckpointsOptions {
  readonly file: string
  readonly make: string
  readonly log: EventLog
  /** What the engine remembers now. */
  readonly snapshot: Engine['snapshot']
  /** Where the engine stands now. */
  readonly stand: () => Stand | undefined
  /** After so many inputs a new one is due. */
  readonly everyInputs: number
  /** A checkpoint that cannot be written costs time at the next start and nothing else. */
  readonly onTrouble: (error: unknown) => void
}

export interface CheckpointKeeper {
  /** Call when a slice is stored, in the same turn. Takes a checkpoint where one is due, which takes a moment. */
  stored(inputs: number): void
  /** Takes one where anything has come since the last, and resolves when it is on the disk. */
  close(): Promise<void>
}

/** Takes checkpoints of a running engine, one at a time. */
export function keepCheckpoints(options: KeepCheckpointsOptions): CheckpointKeeper {
  const { file, make, log, snapshot, stand, everyInputs, onTrouble } = options
  let inputsSince = 0
  let writing: Promise<void> | undefined

  const write = async (checkpoint: Checkpoint) => {
    try {
      await writeCheckpoint(file, make, log, checkpoint)
    } catch (error) {
      onTrouble(error)
    }
    writing = undefined
  }
  const take = () => {
    const at = stand()
    if (at === undefined || writing !== undefined) return
    inputsSince = 0
    writing = write({ ...at, engine: snapshot() })
  }

  return {
    stored(inputs) {
      inputsSince += inputs
      if (inputsSince >= everyInputs) take()
    },
    async close() {
      await writing
      if (inputsSince > 0) take()
      await writing
    },
  }
}
