/** What falls due. Of one moment, causes come first, then what hangs on them. */
const order = { 'cause-over': 0, correlate: 1, outage: 2, complaint: 3 } as const
type DeadlineKind = keyof typeof order

/** Something that has fallen due at a moment of engine time. */
export interface Deadline {
  readonly dueMs: number
  readonly kind: DeadlineKind
  readonly id: string
}

/** An entry in the heap, and the later ones of the same timer. */
interface Entry {
  readonly dueMs: number
  readonly timer: Timer
  readonly later: Entry | undefined
}

/** When one thing falls due next. It is set anew many times and holds only the last moment that it was set to. */
export class Timer {
  readonly kind: DeadlineKind
  readonly id: string
  /** Infinity where it is not set. */
  dueMs = Infinity
  /** Its earliest entry in the heap; kept by `Deadlines`. */
  entry: Entry | undefined = undefined

  constructor(kind: DeadlineKind, id: string) {
    this.kind = kind
    this.id = id
  }
}

/**
 * A binary heap of deadlines, earliest first, then by kind and id: the order does not depend on how they were set. A
 * timer that is put off costs no entry: the one that it has finds out, when its moment comes, and moves on. So the
 * heap grows with the things that wait, not with how often they were touched (E5, E6).
 */
export class Deadlines {
  private readonly heap: Entry[] = []

  get size(): number {
    return this.heap.length
  }

  get nextMs(): number | undefined {
    return this.first()?.dueMs
  }

  set(timer: Timer, dueMs: number): void {
    timer.dueMs = dueMs
    if (timer.entry === undefined || dueMs < timer.entry.dueMs) this.push(timer)
  }

  /** The next deadline that is due by `nowMs`, taken out. */
  take(nowMs: number): Deadline | undefined {
    const first = this.first()
    if (first === undefined || first.dueMs > nowMs) return undefined
    this.pop(first)
    const { timer, dueMs } = first
    timer.dueMs = Infinity
    return { dueMs, kind: timer.kind, id: timer.id }
  }

  /** The first entry that still stands; those that do not are cleared away. */
  private first(): Entry | undefined {
    for (let first = this.heap[0]; first !== undefined; first = this.heap[0]) {
      const { timer, dueMs } = first
      if (timer.dueMs === dueMs) return first
      this.pop(first)
      if (timer.dueMs !== Infinity) this.set(timer, timer.dueMs)
    }
    return undefined
  }

  private push(timer: Timer): void {
    const { heap } = this
    const entry = { dueMs: timer.dueMs, timer, later: timer.entry }
    timer.entry = entry
    let at = heap.push(entry) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || !before(entry, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = entry
  }

  private pop(first: Entry): void {
    const { heap } = this
    first.timer.entry = first.later
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) this.sink(last)
  }

  private sink(entry: Entry): void {
    const { heap } = this
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      if (left === undefined) break
      const [child, index] =
        right !== undefined && before(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1]
      if (!before(child, entry)) break
      heap[at] = child
      at = index
    }
    heap[at] = entry
  }
}

function before(a: Entry, b: Entry): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs
  if (a.timer.kind !== b.timer.kind) return order[a.timer.kind] < order[b.timer.kind]
  return a.timer.id < b.timer.id
}
