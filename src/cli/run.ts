import { CommanderError, InvalidArgumentError } from 'commander'
import { ConfigError } from '../config.ts'
import { AppendRefusedError, DamagedRecordError, LogUnavailableError } from '../event-log/event-log.ts'
import { ImportError } from '../ingest/import-error.ts'
import { CorrelatorReplacedError, DecisionDiffersError } from '../pipeline/fenced-appends.ts'
import { VaultError } from '../vault/vault-error.ts'
import { CliError, type CliContext } from './context.ts'
import { program } from './program.ts'

/** Errors that say themselves what to do. */
const plainErrors = [
  CliError,
  ConfigError,
  AppendRefusedError,
  DamagedRecordError,
  LogUnavailableError,
  ImportError,
  CorrelatorReplacedError,
  DecisionDiffersError,
  VaultError,
]

/** Runs a command line, without the names of node and script. Gives the exit code; see `exitCodesHelp`. */
export async function run(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await program(context).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Thrown by a command itself, so nobody has printed it yet.
    if (error instanceof InvalidArgumentError) context.stderr.write(`causeway: ${error.message}\n`)
    if (error instanceof CommanderError) return exitCodeOf(error)
    context.stderr.write(`causeway: ${describe(error)}\n`)
    return error instanceof ImportError ? error.exitCode : 1
  }
}

/** Commander tells usage errors by their code; `command.error` without one is a command that failed. */
function exitCodeOf({ code, exitCode }: CommanderError): number {
  if (exitCode === 0) return 0
  return code === 'commander.error' ? 1 : 2
}

/** One line for what an operator can deal with; the whole trace for what only a programmer can. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (plainErrors.some((kind) => error instanceof kind)) return error.message
  if ('code' in error && error.code === 'EPIPE') return 'the reader of the output has gone'
  return error.stack ?? error.message
}
