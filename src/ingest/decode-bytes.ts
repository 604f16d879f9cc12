import { TextDecoder } from 'node:util'
import { ImportError } from './import-error.ts'

export const encodings = ['utf-8', 'gb18030', 'auto'] as const
export type Encoding = (typeof encodings)[number]

/** How much of the file `auto` looks at, at most, before it decides. */
const sniffedBytes = 1 << 20
/** The longest byte order mark. */
const markBytes = 4

/**
 * The text of a file's bytes, chunk by chunk. A byte order mark decides the encoding and is dropped. `auto` takes UTF-8
 * where the first mebibyte is valid UTF-8, and GB18030 otherwise. Throws `ImportError` where the bytes are not in the
 * encoding, naming the line: a guess would store other words than were written.
 */
export async function* decodeBytes(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let head: Uint8Array = new Uint8Array()
  let line = 1
  for await (const chunk of bytes) {
    const isHead = decoder === undefined
    head = isHead ? concat(head, chunk) : chunk
    if (isHead && head.length < (encoding === 'auto' ? sniffedBytes : markBytes)) continue
    decoder ??= decoderOf(head, encoding)
    const text = decode(decoder, head, line, true)
    line += newlinesIn(text)
    yield isHead ? unmarked(text) : text
  }
  if (decoder === undefined) yield unmarked(decode(decoderOf(head, encoding), head, line, false))
  else yield decode(decoder, new Uint8Array(), line, false)
}

/** The decoder drops a mark of Unicode's own encodings, not that of GB18030. */
function unmarked(text: string): string {
  return text.replace(/^\uFEFF/u, '')
}

function decoderOf(head: Uint8Array, encoding: Encoding): TextDecoder {
  return new TextDecoder(markedEncoding(head) ?? (encoding === 'auto' ? guessed(head) : encoding), {
    fatal: true,
  })
}

function markedEncoding(head: Uint8Array): string | undefined {
  const [first, second, third] = head
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0x84 && second === 0x31 && third === 0x95) return 'gb18030'
  return undefined
}

function guessed(head: Uint8Array): Encoding {
  try {
    // A character may be cut at the end of what was read: `stream` forgives that.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return 'utf-8'
  } catch {
    return 'gb18030'
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array, line: number, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch {
    const other = decoder.encoding === 'utf-8' ? 'gb18030' : 'utf-8'
    const at = line + firstBadLine(decoder.encoding, bytes)
    throw new ImportError(
      `the file is not ${decoder.encoding}: near line ${at} are bytes that it does not have; try --encoding ${other}`,
    )
  }
}

/** How many lines of these bytes can be read before the one that cannot. */
function firstBadLine(encoding: string, bytes: Uint8Array): number {
  const lenient = new TextDecoder(encoding).decode(bytes)
  const bad = lenient.indexOf('\uFFFD')
  return bad < 0 ? 0 : newlinesIn(lenient.slice(0, bad))
}

function newlinesIn(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right
  const both = new Uint8Array(left.length + right.length)
  both.set(left)
  both.set(right, left.length)
  return both
}
