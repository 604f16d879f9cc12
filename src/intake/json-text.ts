const decoder = new TextDecoder('utf-8', { fatal: true })

/** The text of bytes, or nothing where they are no UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Says what is wrong where objects and arrays lie deeper within one another than allowed; looks at brackets only. */
export function depthFault(json: string, maxDepth: number): string | undefined {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (inString) {
      if (code === backslash) at += 1
      else if (code === quote) inString = false
    } else if (code === quote) inString = true
    else if (code === openBrace || code === openBracket) {
      depth += 1
      if (depth > maxDepth) return `is nested deeper than ${maxDepth} levels`
    } else if (code === closeBrace || code === closeBracket) depth -= 1
  }
  return undefined
}
