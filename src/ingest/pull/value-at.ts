/** What lies at a path within parsed JSON: `/a/b` (RFC 6901), or `a.b`; the empty path is the whole. */
export function valueAt(value: unknown, path: string): unknown {
  let held = value
  for (const name of namesOf(path)) {
    if (typeof held !== 'object' || held === null || !Object.hasOwn(held, name)) return undefined
    held = (held as Readonly<Record<string, unknown>>)[name]
  }
  return held
}

function namesOf(path: string): readonly string[] {
  if (path === '') return []
  if (!path.startsWith('/')) return path.split('.')
  return path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** A cell's text of what JSON holds; a list of plain values as cells have it. Empty where there is none. */
export function cellOf(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map(cellOf)
      .filter((cell) => cell !== '')
      .join('|')
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
