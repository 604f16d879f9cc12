/** What the commands get from the process. Only src/main.ts makes one; tests make their own. */
export interface CliContext {
  readonly version: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: Terminal
  readonly stderr: Terminal
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  readonly randomId: () => string
  /** Aborts at Ctrl-C or SIGTERM: stop in good order. At the second one the process ends by itself. */
  readonly stopSignal: AbortSignal
  /** The process that started this one; it changes where that has ended. Left out where there is none to ask. */
  readonly parentId?: () => number
  /** Runs this program a second time beside itself; left out where that cannot be. */
  readonly runSelf?: RunSelf
}

export interface RunSelfOptions {
  /** Beside those of this process. */
  readonly env: Readonly<Record<string, string>>
  readonly heapMegabytes: number
  /** Kills it. */
  readonly signal: AbortSignal
}

/** Runs a command line at the lowest priority; answers what it wrote to standard error where it failed, and nothing where it did not. */
export type RunSelf = (args: readonly string[], options: RunSelfOptions) => Promise<string | undefined>

/** A stream that may be a terminal: progress and colours belong only there. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean | undefined }

/** A command cannot do what it was asked to. Says what to do; printed as one line, exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError'
}

/** What every `--help` says about exit codes. */
export const exitCodesHelp = `
Exit codes:
  0  done
  1  it could not be done; one line says why and what to do
  2  the command line or a setting is wrong
  3  imported, but for some rows that were refused`
