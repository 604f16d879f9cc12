/** Someone's word, at a moment, on when something will be over. */
export interface StatedEnd {
  readonly statedMs: number
  readonly endMs: number
}

export function laterStated(a: StatedEnd | undefined, b: StatedEnd | undefined): StatedEnd | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a.statedMs > b.statedMs ? a : b
}
