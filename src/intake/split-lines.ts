/** A line of the input with its number, from 1; or that it was too long, and how long. */
export type Line =
  | { readonly kind: 'line'; readonly number: number; readonly bytes: Buffer }
  | { readonly kind: 'too-long'; readonly number: number; readonly byteLength: number }

const newline = 0x0a

/**
 * Cuts a stream of bytes into lines, in batches of what each chunk completes. Holds at most one line, and of a line that
 * is longer than `maxLineBytes` nothing: its bytes are counted and passed over. Empty lines are counted and left out.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxLineBytes: number,
): AsyncGenerator<readonly Line[]> {
  let number = 0
  let held: Buffer[] = []
  let heldBytes = 0

  const hold = (part: Buffer): void => {
    heldBytes += part.length
    if (heldBytes <= maxLineBytes) held.push(part)
    else held = []
  }
  const finish = (): Line[] => {
    number += 1
    const byteLength = heldBytes
    const bytes = held.length === 1 ? (held[0] ?? Buffer.alloc(0)) : Buffer.concat(held)
    held = []
    heldBytes = 0
    if (byteLength > maxLineBytes) return [{ kind: 'too-long', number, byteLength }]
    return isBlank(bytes) ? [] : [{ kind: 'line', number, bytes }]
  }

  for await (const chunk of chunks) {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end))
      lines.push(...finish())
      start = end + 1
    }
    if (start < chunk.length) hold(chunk.subarray(start))
    if (lines.length > 0) yield lines
  }
  if (heldBytes > 0) yield finish()
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)
}
