import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { toInstant } from '../../schemas/instant.ts'
import { ImportError } from './import-error.ts'

/** The bytes of a file, unpacked where its name ends in `.gz`. Throws `ImportError` where it cannot be read. */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(path)
  const stream = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  raw.on('error', (error) => stream.destroy(error))
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (error) {
    // Errors of whoever consumes the bytes pass by `yield`, not through here.
    throw unreadable(path, error)
  } finally {
    raw.destroy()
  }
}

/** Throws `ImportError` where one of them cannot be read: to be asked before anything is made for what they hold. */
export async function requireReadable(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await access(path, constants.R_OK)
      if ((await stat(path)).isDirectory()) throw new Error('it is a folder')
    } catch (error) {
      throw unreadable(path, error)
    }
  }
}

/** When the file was last written, by a clock that may be ahead of ours: now at the latest. Throws `ImportError` where there is none. */
export async function fileInstant(path: string, nowMs: number): Promise<string> {
  try {
    return toInstant(Math.min(Math.floor((await stat(path)).mtimeMs), nowMs))
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): ImportError {
  return new ImportError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
}
