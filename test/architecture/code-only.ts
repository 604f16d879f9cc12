/**
 * The source with comments and the insides of strings blanked, every character in its old place, so that a search finds
 * code alone. Code inside `${…}` stays. Regular expressions are told from divisions by what stands before them.
 */
export function codeOnly(source: string): string {
  const out = source.split('')
  /** Braces open inside each `${` that we are in. */
  const templates: number[] = []
  let at = 0

  const blank = (from: number, to: number) => {
    for (let index = from; index < to; index += 1) if (out[index] !== '\n') out[index] = ' '
  }
  const skipTo = (end: number) => {
    blank(at, end)
    at = end
  }
  const endOfQuoted = (quote: string) => {
    let end = at + 1
    while (end < source.length && source[end] !== quote && source[end] !== '\n')
      end += source[end] === '\\' ? 2 : 1
    return end
  }
  /** Blanks template text up to its end or the next `${`. */
  const skipTemplateText = () => {
    let end = at
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) {
      end += source[end] === '\\' ? 2 : 1
    }
    skipTo(end)
    if (source.startsWith('${', at)) {
      templates.push(0)
      at += 2
    } else {
      at += 1
    }
  }

  while (at < source.length) {
    const char = source[at]
    if (source.startsWith('//', at)) skipTo(endOr(source, source.indexOf('\n', at)))
    else if (source.startsWith('/*', at)) skipTo(endOr(source, source.indexOf('*/', at) + 2))
    else if (char === "'" || char === '"') {
      const end = endOfQuoted(char)
      blank(at + 1, end)
      at = end + 1
    } else if (char === '`') {
      at += 1
      skipTemplateText()
    } else if (char === '/' && startsRegExp(out, at)) {
      const end = endOfRegExp(source, at)
      blank(at + 1, end)
      at = end + 1
    } else {
      const depth = templates.at(-1)
      if (depth !== undefined && char === '{') templates[templates.length - 1] = depth + 1
      if (depth !== undefined && char === '}') templates[templates.length - 1] = depth - 1
      at += 1
      if (depth === 0 && char === '}') {
        templates.pop()
        skipTemplateText()
      }
    }
  }
  return out.join('')
}

function endOr(source: string, end: number): number {
  return end < 2 ? source.length : end
}

function startsRegExp(out: readonly string[], at: number): boolean {
  const before = out
    .slice(Math.max(0, at - 40), at)
    .join('')
    .trimEnd()
  return before === '' || /[(,=:[!&|?{};+<>]$|\b(return|case|of|in)$/.test(before)
}

function endOfRegExp(source: string, at: number): number {
  let inClass = false
  for (let end = at + 1; end < source.length; end += 1) {
    const char = source[end]
    if (char === '\\') end += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '\n' || (char === '/' && !inClass)) return end
  }
  return source.length
}
