/** Whose table it is: the first part of its name, up to a dot. */
export function ownerOf(table: string): string {
  const dot = table.indexOf('.')
  return dot === -1 ? table : table.slice(0, dot)
}

const mark = '~'

/** What the name of a table ends with in a generation of its owner's rows; the first ones have no such end. */
export function suffixOf(generation: number): string {
  return generation === 0 ? '' : `${mark}${generation}`
}

/** The name of a table without its generation. */
export function plainName(table: string): string {
  const at = table.indexOf(mark)
  return at === -1 ? table : table.slice(0, at)
}
