/** Lines are kept up to this many characters. */
export const maxKeptChars = 4_000

/** Members whose values are, or may hold, personal data. */
const personalMembers =
  /"(phone|account|name|text|words|note|reason|customer|customerRef|email|address)"(\s*:\s*)"(?:[^"\\]|\\.)*"/gu
/** Seven digits and more in a row, perhaps with separators: a number that may reach somebody. */
const numbers = /\+?\d(?:[ -]?\d){6,}/g
/** What only looks like one: parts of times, coordinates and event ids. */
const harmless =
  /\d{4}-\d\d-\d\d[T ][\d:.]+|-?\d{1,3}\.\d{3,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi

/**
 * A line as it may be kept and shown: values of members that hold personal data are masked, and so is every number long
 * enough to reach somebody (S1). A line that is no JSON is masked by the same patterns, and everything in it that is not
 * ASCII is masked too, since names cannot be told from other words there.
 */
export function redactLine(line: string): { readonly text: string; readonly masked: boolean } {
  const cut = line.slice(0, maxKeptChars)
  const legible = isJson(line) ? cut : cut.replace(/[^\x20-\x7e]+/g, '…')
  const quiet = legible.replace(
    personalMembers,
    (_all, member: string, colon: string) => `"${member}"${colon}"…"`,
  )
  const text = maskNumbers(quiet)
  return { text, masked: text !== line }
}

/** Text with every number long enough to reach somebody masked. */
export function maskNumbers(text: string): string {
  const spared = [...text.matchAll(harmless)].map((match) => [match.index, match.index + match[0].length])
  return text.replace(numbers, (found, at: number) =>
    spared.some(([from = 0, to = 0]) => at >= from && at < to) ? found : '…',
  )
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
