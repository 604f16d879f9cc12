/** Something that falls due at a moment of engine time. */
export interface Deadline {
  readonly dueMs: number
  readonly kind: 'cause-over' | 'correlate' | 'outage' | 'complaint'
  readonly id: string
}

/** Of one moment, causes come first, then what hangs on them. */
const order: Record<Deadline['kind'], number> = { 'cause-over': 0, correlate: 1, outage: 2, complaint: 3 }

/**
 * A binary heap of deadlines, earliest first, then by kind and id: the order does not depend on how they were set.
 * Deadlines are not taken back; whoever handles one checks that it still stands.
 */
export class Deadlines {
  private readonly heap: Deadline[] = []

  get size(): number {
    return this.heap.length
  }

  get nextMs(): number | undefined {
    return this.heap[0]?.dueMs
  }

  set(kind: Deadline['kind'], id: string, dueMs: number): void {
    const { heap } = this
    const deadline = { dueMs, kind, id }
    let at = heap.push(deadline) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || !before(deadline, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = deadline
  }

  /** The next deadline that is due by `nowMs`, taken out. */
  take(nowMs: number): Deadline | undefined {
    const { heap } = this
    const first = heap[0]
    if (first === undefined || first.dueMs > nowMs) return undefined
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) this.sink(last)
    return first
  }

  private sink(deadline: Deadline): void {
    const { heap } = this
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      if (left === undefined) break
      const [child, index] =
        right !== undefined && before(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1]
      if (!before(child, deadline)) break
      heap[at] = child
      at = index
    }
    heap[at] = deadline
  }
}

function before(a: Deadline, b: Deadline): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs
  if (a.kind !== b.kind) return order[a.kind] < order[b.kind]
  return a.id < b.id
}
