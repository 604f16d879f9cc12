import { type Aged, isOlder } from './age.ts'

/**
 * Retired members of one cluster that hang together for good. Their cores and the links between them can no
 * longer change, so all that a later split needs to know is which they were and which core is the oldest. Cores still in
 * the index that touch them carry the part too: through it they are connected, whatever happens elsewhere.
 *
 * Parts that turn out to be connected are united, as in union-find.
 */
export class SettledPart {
  readonly ids: string[] = []
  unitedWith: SettledPart | undefined = undefined
  oldestCore: Aged | undefined = undefined
}

export function wholeOf(part: SettledPart): SettledPart {
  let root = part
  while (root.unitedWith !== undefined) root = root.unitedWith
  let step = part
  while (step.unitedWith !== undefined) {
    const next = step.unitedWith
    step.unitedWith = root
    step = next
  }
  return root
}

/**
 * Remembers a retired member. Beyond `maxIds` it is not remembered, so that a cluster that lives for a year does not
 * keep a year: should a withdrawal split this part off its cluster, what was not remembered stays under the old id.
 */
export function remember(part: SettledPart, id: string, maxIds: number): void {
  if (part.ids.length < maxIds) part.ids.push(id)
}

export function noteCore(part: SettledPart, core: Aged): void {
  // A copy, so that the retired complaint itself is let go.
  const { id, timeMs } = core
  if (part.oldestCore === undefined || isOlder(core, part.oldestCore)) part.oldestCore = { id, timeMs }
}

export function unite(a: SettledPart, b: SettledPart, maxIds: number): SettledPart {
  const first = wholeOf(a)
  const second = wholeOf(b)
  if (first === second) return first
  // The smaller is poured into the larger, so that a member moves only logarithmically often.
  const [large, small] = first.ids.length < second.ids.length ? [second, first] : [first, second]
  for (const id of small.ids) remember(large, id, maxIds)
  small.ids.length = 0
  small.unitedWith = large
  if (small.oldestCore !== undefined) noteCore(large, small.oldestCore)
  return large
}
