import { crc32 } from 'node:zlib'
import { z } from 'zod'

/**
 * What stands in the place of a block whose events lie in an archive file:
 *
 *     u32 crc of all that follows, as of a block
 *     u32 number of events
 *     ASCII JSON: {"archive":…}
 *
 * Nothing else is that short and begins so: in a block the length of a line stands there.
 */
export interface ArchiveStub {
  /** The file's name. */
  readonly archive: string
  /** Where in the file the gzip member begins that holds the events, and how long it is. */
  readonly offset: number
  readonly bytes: number
  /** CRC-32 of the member's text. */
  readonly crc: number
  /** Lines of the member that come before. */
  readonly skip: number
}

const stubSchema = z.strictObject({
  archive: z.string().regex(/^[\w.-]+$/),
  offset: z.int().min(0),
  bytes: z.int().min(1),
  crc: z.int().min(0),
  skip: z.int().min(0),
})

const wordBytes = 4
const headBytes = 2 * wordBytes
const start = Buffer.from('{"archive":"')

/** The stub of a block of so many events. */
export function encodeStub(stub: ArchiveStub, ordinal: number, events: number): Buffer {
  const { archive, offset, bytes, crc, skip } = stub
  const encoded = Buffer.concat([
    Buffer.alloc(headBytes),
    Buffer.from(JSON.stringify({ archive, offset, bytes, crc, skip })),
  ])
  encoded.writeUInt32LE(events, wordBytes)
  encoded.writeUInt32LE(crc32(encoded.subarray(wordBytes), ordinal >>> 0), 0)
  return encoded
}

export function isStub(block: Buffer): boolean {
  return block.subarray(headBytes, headBytes + start.length).equals(start)
}

/** Where the events lie; undefined where the stub is damaged. */
export function decodeStub(block: Buffer, ordinal: number): ArchiveStub | undefined {
  if (block.readUInt32LE(0) !== crc32(block.subarray(wordBytes), ordinal >>> 0)) return undefined
  return stubSchema.parse(JSON.parse(block.toString('latin1', headBytes)))
}
