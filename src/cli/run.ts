import { CommanderError, InvalidArgumentError } from 'commander'
import { ConfigError } from '../config/config.ts'
import { ImportError } from '../ingest/import-error.ts'
import type { CliContext } from './context.ts'
import { describeError } from './describe-error.ts'
import { program } from './program.ts'

/** Runs a command line, without the names of node and script. Gives the exit code; see `exitCodesHelp`. */
export async function run(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await program(context).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Thrown by a command itself, so nobody has printed it yet.
    if (error instanceof InvalidArgumentError) context.stderr.write(`causeway: ${error.message}\n`)
    if (error instanceof CommanderError) return exitCodeOf(error)
    if (isReaderGone(error)) return 0
    context.stderr.write(`causeway: ${describeError(error)}\n`)
    if (error instanceof ConfigError) return 2
    return error instanceof ImportError ? error.exitCode : 1
  }
}

/** The reader of our output has seen enough. */
function isReaderGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}

/** Commander tells usage errors by their code; `command.error` without one is a command that failed. */
function exitCodeOf({ code, exitCode }: CommanderError): number {
  if (exitCode === 0) return 0
  return code === 'commander.error' ? 1 : 2
}
