/** Where two lists part ways, with what stands there: short enough to read, unlike a whole log. */
export function firstDifference(actual: readonly string[], expected: readonly string[]): object | undefined {
  const at = actual.findIndex((text, index) => text !== expected[index])
  if (at === -1 && actual.length === expected.length) return undefined
  const index = at === -1 ? actual.length : at
  return {
    index,
    lengths: [actual.length, expected.length],
    actual: actual[index]?.slice(0, 1_000),
    expected: expected[index]?.slice(0, 1_000),
  }
}
