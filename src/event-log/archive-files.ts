import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, gunzipSync } from 'node:zlib'
import type { ArchiveStub } from './archive-stub.ts'
import { ArchivedError, DamagedRecordError, type RecordedEvent } from './event-log.ts'
import { toPosition } from './position.ts'

/** The archived days of a log, as far as their files are there. */
export interface ArchiveFiles {
  readonly folder: string
  /**
   * `count` events, of which the first lies at `ordinal`. Throws `ArchivedError` where the file is elsewhere and
   * `DamagedRecordError` where it is not what it was; both name `asked`, the ordinal that somebody wants.
   */
  read(stub: ArchiveStub, ordinal: number, count: number, asked: number): readonly RecordedEvent[]
}

/**
 * Files of NDJSON, an event a line as `log cat` prints it, compressed in pieces (gzip members): `zcat` reads a file whole, and a
 * log reads the piece that it needs. The last piece stays at hand, for neighbouring events are read one after the other.
 */
export function archiveFiles(folder: string): ArchiveFiles {
  let last: { readonly key: string; readonly lines: readonly string[] } | undefined

  const linesOf = (stub: ArchiveStub, asked: number): readonly string[] => {
    const key = `${stub.archive} ${stub.offset}`
    if (last?.key === key) return last.lines
    const text = textOf(readMember(folder, stub, asked), stub)
    if (text === undefined) throw damaged(stub, asked)
    const lines = text.toString('utf8').trimEnd().split('\n')
    last = { key, lines }
    return lines
  }

  return {
    folder,
    read(stub, ordinal, count, asked) {
      const lines = linesOf(stub, asked).slice(stub.skip, stub.skip + count)
      const events = lines.map((line) => JSON.parse(line) as RecordedEvent)
      if (events.length !== count || events[0]?.position !== toPosition(ordinal)) throw damaged(stub, asked)
      return events
    },
  }
}

/** The text of a gzip member; undefined where it is not what it was. */
export function textOf(member: Buffer | undefined, { crc }: Pick<ArchiveStub, 'crc'>): Buffer | undefined {
  if (member === undefined) return undefined
  try {
    const text = gunzipSync(member)
    return crc32(text) === crc ? text : undefined
  } catch {
    return undefined
  }
}

function readMember(
  folder: string,
  { archive, offset, bytes }: ArchiveStub,
  ordinal: number,
): Buffer | undefined {
  const descriptor = openArchive(join(folder, archive), () => awayError(folder, archive, ordinal))
  try {
    const member = Buffer.alloc(bytes)
    return readSync(descriptor, member, 0, bytes, offset) === bytes ? member : undefined
  } finally {
    closeSync(descriptor)
  }
}

function openArchive(file: string, away: () => ArchivedError): number {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw away()
    throw error
  }
}

function awayError(folder: string, archive: string, ordinal: number): ArchivedError {
  return new ArchivedError(
    toPosition(ordinal),
    `what lies at position ${toPosition(ordinal)} is archived in ${archive}, which is not there: put it back into ${folder}`,
  )
}

function damaged({ archive, offset }: ArchiveStub, ordinal: number): DamagedRecordError {
  return new DamagedRecordError(
    toPosition(ordinal),
    `its archive ${archive} is not what it was, at byte ${offset}; restore a copy of the file`,
  )
}
