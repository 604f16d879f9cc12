import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CliError, type CliContext } from './context.ts'

/**
 * Writes what comes to a file, or to standard output where none is named. A file appears only when it is whole: a reader never
 * finds half an export under its name.
 */
export async function writeOut(
  chunks: AsyncIterable<string | Uint8Array>,
  file: string | undefined,
  { stdout }: Pick<CliContext, 'stdout'>,
): Promise<void> {
  if (file === undefined) {
    await pipeline(Readable.from(chunks), stdout, { end: false })
    return
  }
  const partial = `${file}.part`
  try {
    await pipeline(Readable.from(chunks), createWriteStream(partial))
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    if (error instanceof Error && 'syscall' in error) {
      throw new CliError(`${file} cannot be written: ${error.message}`)
    }
    throw error
  }
}
