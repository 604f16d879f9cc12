import { createHash } from 'node:crypto'
import { createEngine, type Engine, engineVersion } from '../correlate/engine.ts'
import { stateMake } from '../correlate/engine-state.ts'
import { defaultRuleset } from '../domain/default-ruleset.ts'
import type { LogReader } from '../event-log/event-log.ts'
import { readCheckpoint } from '../pipeline/checkpoint-file.ts'
import type { Stand } from '../pipeline/logged-decisions.ts'
import { CliError } from './context.ts'

/** What may take up a checkpoint: the same release, with the same engine and the same make of its state. */
export function checkpointMake(version: string): string {
  const state = createHash('sha256').update(stateMake(defaultRuleset)).digest('hex')
  return `${version} ${engineVersion} ${state}`
}

/** The engine as the last checkpoint has it, and where in the log that was; an empty engine where there is none. */
export async function engineFrom(
  { log, checkpointFile }: { readonly log: LogReader; readonly checkpointFile: string | undefined },
  { version, onTrouble }: { readonly version: string; readonly onTrouble: (error: unknown) => void },
): Promise<{ readonly engine: Engine; readonly resume: Stand | undefined }> {
  const afresh = { engine: createEngine(), resume: undefined }
  if (checkpointFile === undefined) return afresh
  const found = await readCheckpoint(checkpointFile, checkpointMake(version), log)
  switch (found.kind) {
    case 'none':
      return afresh
    case 'read': {
      const { engine, ...resume } = found.checkpoint
      return { engine: createEngine(engineVersion, engine), resume }
    }
    case 'ignored':
      onTrouble(
        new CliError(
          `the checkpoint ${checkpointFile} is passed over, ${found.why}: the engine is made again from the log`,
        ),
      )
      return afresh
  }
}
