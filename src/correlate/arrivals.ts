/** A retired queue is cut once this much of it lies behind, and half of it. */
const cutFrom = 10_000

/** What arrived, in order, with the engine's time then; so that the window can forget it from the front. */
export class Arrivals<Item> {
  private readonly queue: { readonly item: Item; readonly ms: number }[] = []
  private from = 0

  push(item: Item, ms: number): void {
    this.queue.push({ item, ms })
  }

  /** Takes out the first that arrived before a moment, if any did. */
  takeBefore(limitMs: number): { readonly item: Item; readonly ms: number } | undefined {
    const first = this.queue[this.from]
    if (first === undefined || first.ms >= limitMs) return undefined
    this.from += 1
    if (this.from > cutFrom && this.from * 2 > this.queue.length) {
      this.queue.splice(0, this.from)
      this.from = 0
    }
    return first
  }
}
