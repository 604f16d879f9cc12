#!/usr/bin/env node
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describeError } from './cli/describe-error.ts'
import { run } from './cli/run.ts'
import { selfRunner } from './cli/run-self.ts'

/** The composition root: the only reader of the environment, the clock and randomness. */

const stop = new AbortController()
const forcedExitCode = 1

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(forcedExitCode)
    stop.abort()
  })
}
// What nobody has caught is a mistake in the program. Every store is safe at any moment, so ending is the safe answer.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => {
    process.stderr.write(
      `causeway: internal error, stopping; what was acknowledged is safe. ${describeError(error)}\n`,
    )
    process.exit(1)
  })
}
// Whoever reads our output may leave before the end, as `head` does; that must not end a server.
process.stdout.on('error', () => {})

process.exitCode = await run(process.argv.slice(2), {
  version: packageVersion(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  nowMs: Date.now,
  randomId: randomUUID,
  stopSignal: stop.signal,
  parentId: () => process.ppid,
  runSelf: selfRunner({
    node: process.execPath,
    flags: process.execArgv,
    script: process.argv[1] ?? '',
    env: process.env,
  }),
})

/** The package's own version; its file lies one folder up from the sources and two up from what is built. */
function packageVersion(): string {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'))
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version)
    } catch {
      continue
    }
  }
  return 'unknown'
}
