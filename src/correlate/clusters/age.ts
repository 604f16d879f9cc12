/** A complaint by its age: its time of trouble. */
export interface Aged {
  readonly id: string
  readonly timeMs: number
}

/** Orders complaints by time of trouble, then id. */
export function isOlder(a: Aged, b: Aged): boolean {
  return a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.id < b.id)
}
