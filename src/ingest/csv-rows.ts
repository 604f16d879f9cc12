/** The longest row, in characters, heading included. What is longer is refused and skipped, unread. */
export const maxRowChars = 131_072

/** One row with the line of the file at which it starts, or why that line cannot be read. */
export type CsvRow =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly refused: string }

export type Delimiter = ',' | ';' | '\t'

type Scan =
  | { readonly kind: 'row'; readonly cells: string[]; readonly end: number }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'incomplete'; readonly inQuotes: boolean }

/**
 * Rows of CSV text (RFC 4180; lines may end in LF, CRLF or CR), a batch for each chunk, in memory bounded by chunk and
 * `maxRowChars`. Written for what operators really send, which is why no general parser stands here: every row knows
 * its line, and a row that cannot be read costs that line alone. A quote that is never closed would otherwise swallow
 * what follows; reading goes on at the line after it.
 */
export async function* csvRows(
  chunks: AsyncIterable<string>,
  delimiter?: Delimiter,
): AsyncGenerator<readonly CsvRow[]> {
  let text = ''
  let line = 1
  let separator = delimiter
  let skipping = false

  /** Takes all rows that are complete; leaves the rest in `text`. */
  function take(atEnd: boolean): CsvRow[] {
    const rows: CsvRow[] = []
    let at = 0
    while (at < text.length) {
      if (skipping) {
        const next = nextLine(text, at, atEnd)
        if (next === undefined) {
          at = text.length - (text.endsWith('\r') && !atEnd ? 1 : 0)
          break
        }
        at = next
        line += 1
        skipping = false
        continue
      }
      separator ??= delimiterOf(text, atEnd)
      if (separator === undefined) break
      const scan = scanRow(text, at, separator, atEnd)
      const tooLong = (scan.kind === 'row' ? scan.end : text.length) - at > maxRowChars
      if (scan.kind === 'incomplete' && !tooLong && !atEnd) break
      if (scan.kind === 'row' && !tooLong) {
        const isBlank = scan.cells.length === 1 && scan.cells[0] === ''
        if (!isBlank) rows.push(judged(line, scan.cells))
        line += linesIn(text, at, scan.end)
        at = scan.end
        continue
      }
      rows.push({ line, refused: refusal(scan) })
      skipping = true
    }
    text = text.slice(at)
    return rows
  }

  for await (const chunk of chunks) {
    text += chunk
    const rows = take(false)
    if (rows.length > 0) yield rows
  }
  const rest = take(true)
  if (rest.length > 0) yield rest
}

function judged(line: number, cells: readonly string[]): CsvRow {
  return cells.some((cell) => cell.includes('\0'))
    ? { line, refused: 'holds a NUL character' }
    : { line, cells }
}

function refusal(scan: Scan): string {
  if (scan.kind === 'broken') return scan.reason
  if (scan.kind === 'incomplete' && scan.inQuotes) return 'a quote is opened and never closed'
  return `is longer than ${maxRowChars} characters`
}

/** Reads one row from `start`. */
function scanRow(text: string, start: number, delimiter: Delimiter, atEnd: boolean): Scan {
  const cells: string[] = []
  let at = start
  while (true) {
    const cell = text[at] === '"' ? quotedCell(text, at, atEnd) : plainCell(text, at, delimiter)
    if (cell.kind === 'incomplete') return cell
    cells.push(cell.value)
    const next = text[cell.end]
    if (next === delimiter) {
      at = cell.end + 1
      if (at - start > maxRowChars) return { kind: 'incomplete', inQuotes: false }
      continue
    }
    if (next === undefined) {
      return atEnd ? { kind: 'row', cells, end: cell.end } : { kind: 'incomplete', inQuotes: false }
    }
    if (next === '\n') return { kind: 'row', cells, end: cell.end + 1 }
    if (next !== '\r') return { kind: 'broken', reason: 'text follows a closing quote' }
    if (text[cell.end + 1] === '\n') return { kind: 'row', cells, end: cell.end + 2 }
    // Whether a lone CR ends the line or half of CRLF was read, the next chunk tells.
    if (cell.end + 1 === text.length && !atEnd) return { kind: 'incomplete', inQuotes: false }
    return { kind: 'row', cells, end: cell.end + 1 }
  }
}

type CellScan =
  | { readonly kind: 'cell'; readonly value: string; readonly end: number }
  | { readonly kind: 'incomplete'; readonly inQuotes: boolean }

function quotedCell(text: string, open: number, atEnd: boolean): CellScan {
  let from = open + 1
  while (true) {
    const quote = text.indexOf('"', from)
    const isOpen = quote < 0 || quote - open > maxRowChars
    if (isOpen || (quote + 1 === text.length && !atEnd)) return { kind: 'incomplete', inQuotes: isOpen }
    if (text[quote + 1] !== '"') {
      return { kind: 'cell', value: text.slice(open + 1, quote).replaceAll('""', '"'), end: quote + 1 }
    }
    from = quote + 2
  }
}

function plainCell(text: string, start: number, delimiter: Delimiter): CellScan {
  const separator = delimiter.charCodeAt(0)
  let end = start
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (code === separator || code === 10 || code === 13) break
    end += 1
  }
  return { kind: 'cell', value: text.slice(start, end), end }
}

/** Where the line after the one at `from` starts; undefined where it is not read yet, the end where there is none. */
function nextLine(text: string, from: number, atEnd: boolean): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10) return at + 1
    if (code !== 13) continue
    if (at + 1 === text.length && !atEnd) return undefined
    return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1
  }
  return atEnd ? text.length : undefined
}

function linesIn(text: string, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count += 1
  }
  return count
}

/** The separator that the heading holds most of outside quotes; undefined while the heading is not read to its end. */
function delimiterOf(text: string, atEnd: boolean): Delimiter | undefined {
  const end = text.search(/[\r\n]/)
  if (end < 0 && !atEnd && text.length <= maxRowChars) return undefined
  const heading = (end < 0 ? text.slice(0, maxRowChars) : text.slice(0, end)).replace(/"[^"]*"/g, '')
  const counted = ([',', ';', '\t'] as const).map((sign) => ({ sign, count: heading.split(sign).length }))
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).sign
}
