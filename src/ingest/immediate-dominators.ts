/**
 * For every node that some entry reaches: the nearest node through which every path from the entries to it leads, or
 * undefined where there is no such node (the entries themselves, and what several of them reach by separate ways).
 * After Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
 */
export function immediateDominators(
  entries: readonly string[],
  neighbours: (node: string) => Iterable<string>,
): ReadonlyMap<string, string | undefined> {
  const order = reversePostorder(entries, neighbours)
  // Number 0 is a root beyond the entries; every node's dominator bears a smaller number than the node.
  const numberOf = new Map(order.map((node, at) => [node, at + 1]))
  const isEntry = new Set(entries)
  const dominator: (number | undefined)[] = [0]

  const meet = (left: number, right: number): number => {
    let [a, b] = [left, right]
    while (a !== b) {
      if (a > b) a = dominator[a] ?? 0
      else b = dominator[b] ?? 0
    }
    return a
  }
  for (let changed = true; changed;) {
    changed = false
    order.forEach((node, at) => {
      let best = isEntry.has(node) ? 0 : undefined
      for (const neighbour of neighbours(node)) {
        const number = numberOf.get(neighbour)
        if (number === undefined || dominator[number] === undefined) continue
        best = best === undefined ? number : meet(best, number)
      }
      if (dominator[at + 1] === best) return
      dominator[at + 1] = best
      changed = true
    })
  }
  return new Map(order.map((node, at) => [node, order[(dominator[at + 1] ?? 0) - 1]]))
}

function reversePostorder(
  entries: readonly string[],
  neighbours: (node: string) => Iterable<string>,
): string[] {
  const seen = new Set<string>()
  const left: string[] = []
  for (const entry of entries) {
    if (seen.has(entry)) continue
    seen.add(entry)
    // A stack of our own: a chain of many thousand nodes would overflow the call stack.
    const path = [{ node: entry, rest: neighbours(entry)[Symbol.iterator]() }]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next()
      if (next.done === true) {
        left.push(top.node)
        path.pop()
      } else if (!seen.has(next.value)) {
        seen.add(next.value)
        path.push({ node: next.value, rest: neighbours(next.value)[Symbol.iterator]() })
      }
    }
  }
  return left.reverse()
}
