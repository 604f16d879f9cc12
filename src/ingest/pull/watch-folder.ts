import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ImportError } from '../import-error.ts'

/** A file that lies there as it did at the look before: whoever wrote it is done. */
export interface SettledFile {
  readonly name: string
  readonly path: string
  /** When it was last written. Milliseconds since 1970. */
  readonly writtenMs: number
}

export interface WatchedFolder {
  /** The files that have settled since the look before, by name. Throws `ImportError` where the folder cannot be read. */
  look(): Promise<readonly SettledFile[]>
  /** Moves a file to `done/` or `failed/`, with its report beside it. */
  putAway(file: SettledFile, where: 'done' | 'failed', report: object): Promise<void>
  /** Whether a file was put into `done/` since the start. */
  hasTaken(): boolean
}

/** Files of one look; the rest waits for the next. */
const maxFilesALook = 1_000
/** What programs that transfer files call those that are not whole yet, and hidden ones. */
const unfinished = /^\.|\.(part|partial|tmp|temp|filepart|writing)$/i
const reportEnding = '.report.json'
/** Files of one name that can be put away beside each other. */
const maxNamesakes = 10_000

/** A folder into which another system drops files. A file is touched once size and time have stood still over two looks. */
export function watchFolder(folder: string): WatchedFolder {
  let before = new Map<string, string>()
  let taken = false

  return {
    async look() {
      const now = new Map<string, string>()
      const settled: SettledFile[] = []
      for (const name of await filesIn(folder)) {
        const path = join(folder, name)
        const found = await stat(path).catch(() => undefined)
        if (found === undefined || !found.isFile()) continue
        const mark = `${found.size} ${found.mtimeMs}`
        now.set(name, mark)
        if (before.get(name) === mark) settled.push({ name, path, writtenMs: Math.floor(found.mtimeMs) })
      }
      before = now
      return settled
    },
    async putAway({ name, path }, where, report) {
      const into = join(folder, where)
      await mkdir(into, { recursive: true })
      const free = await freeName(into, name)
      await writeFile(join(into, free + reportEnding), `${JSON.stringify(report, undefined, 2)}\n`)
      await rename(path, join(into, free))
      before.delete(name)
      if (where === 'done') taken = true
    },
    hasTaken: () => taken,
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder)
    return names
      .filter((name) => !unfinished.test(name) && !name.endsWith(reportEnding))
      .sort()
      .slice(0, maxFilesALook)
  } catch (error) {
    throw new ImportError(
      `the folder ${folder} cannot be read: ${error instanceof Error ? error.message : ''}`,
    )
  }
}

async function freeName(folder: string, name: string): Promise<string> {
  const taken = new Set(await readdir(folder))
  for (let number = 1; number < maxNamesakes; number += 1) {
    const free = number === 1 ? name : `${number}-${name}`
    if (!taken.has(free)) return free
  }
  throw new ImportError(`${folder} holds ${maxNamesakes} files named ${name}: clear it out`)
}
