import { randomUUID } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { run } from '../../src/cli/run.ts'

export interface CliRun {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly done: Promise<CliRun>
  /** What was written to standard output so far. */
  stdout(): string
  stop(): void
}

export interface CliSettings {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Whether the outputs claim to be a terminal. */
  readonly isTTY?: boolean
}

/** Runs a command line within this process, as src/main.ts would. */
export function startCli(
  args: readonly string[],
  { env = {}, stdin = '', isTTY }: CliSettings = {},
): RunningCli {
  const stop = new AbortController()
  const stdout = collector(isTTY)
  const stderr = collector(isTTY)
  const done = run(args, {
    version: '0.0.0-test',
    env,
    stdin: Readable.from([stdin]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    nowMs: Date.now,
    randomId: randomUUID,
    stopSignal: stop.signal,
  }).then((exitCode) => ({ exitCode, stdout: stdout.text(), stderr: stderr.text() }))
  return { done, stdout: stdout.text, stop: () => stop.abort() }
}

export async function runCli(args: readonly string[], settings?: CliSettings): Promise<CliRun> {
  return startCli(args, settings).done
}

function collector(isTTY: boolean | undefined) {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY }), text: () => chunks.join('') }
}
