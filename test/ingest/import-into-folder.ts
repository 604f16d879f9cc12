import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { CliContext } from '../../src/cli/context.ts'
import { importCommand } from '../../src/cli/import.ts'
import { openData } from '../../src/cli/open-data.ts'
import { ImportError } from '../../src/ingest/import-error.ts'

export interface ImportResult {
  readonly exitCode: number
  readonly message: string
  /** What the command wrote to the terminal. */
  readonly told: string
}

export interface ImportFolder {
  readonly data: string
  /** Writes a file, last changed in 2026, and gives its path. */
  file(name: string, content: string | Uint8Array): string
  read(name: string): string
  path(name: string): string
  /** Runs `causeway import`; `--data` is added where no `--url` is given. */
  run(...args: string[]): Promise<ImportResult>
  /** What the log holds, the rules that it begins with left out. */
  events(): Promise<Event[]>
  unsealed(complaintId: string): Promise<Readonly<Record<string, string>> | undefined>
}

/** Long after everything that the tests import. */
export const nowMs = Date.UTC(2026, 5, 1)
const fileWritten = new Date('2026-01-15T00:00:00Z')

/** A folder with files to import and a data folder, gone when the test ends. The data folder is a real one, on disk. */
export function importFolder(): ImportFolder {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-import-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string): string => join(folder, name)
  const data = path('data')
  const open = () => openData(loadConfig({ flags: { data } }), () => nowMs)

  return {
    data,
    path,
    file(name, content) {
      writeFileSync(path(name), content)
      utimesSync(path(name), fileWritten, fileWritten)
      return path(name)
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    async run(...args) {
      let told = ''
      const context = contextOf((text) => (told += text))
      const command = importCommand(context)
      for (const one of [command, ...command.commands]) {
        one
          .exitOverride()
          .configureOutput({ writeErr: (text) => (told += text), writeOut: (text) => (told += text) })
      }
      try {
        const where = args.includes('--url') ? [] : ['--data', data]
        await command.parseAsync([...args, ...where], { from: 'user' })
        return { exitCode: 0, message: '', told }
      } catch (error) {
        if (error instanceof ImportError) return { exitCode: error.exitCode, message: error.message, told }
        throw error
      }
    },
    async events() {
      const stored = await open()
      const events: Event[] = []
      for await (const batch of stored.log.readAll())
        events.push(...batch.map((event) => upcast(event) as Event))
      await stored.close()
      return events.filter(({ type }) => type !== 'RulesetActivated')
    },
    async unsealed(complaintId) {
      const stored = await open()
      const unsealed = await stored.vault.unseal(complaintId)
      await stored.close()
      return unsealed.kind === 'fields' ? unsealed.fields : undefined
    },
  }
}

function contextOf(write: (text: string) => unknown): CliContext {
  return {
    version: '0.0.0',
    env: {},
    stdin: process.stdin,
    stdout: terminal(write),
    stderr: terminal(write),
    nowMs: () => nowMs,
    randomId: () => 'random',
    stopSignal: new AbortController().signal,
  }
}

function terminal(write: (text: string) => unknown): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk.toString())
      done()
    },
  })
}

/** Events of one type. */
export function ofType<T extends Event['type']>(
  events: readonly Event[],
  type: T,
): Extract<Event, { type: T }>[] {
  return events.filter((event): event is Extract<Event, { type: T }> => event.type === type)
}
