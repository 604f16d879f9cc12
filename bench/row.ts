/** One line of the bench's result. `aim` says in words what `met` judges; both are null where nothing is promised. */
export interface Row {
  readonly name: string
  readonly unit: string
  readonly value: number
  /** What it is measured against, in the same run; null where there is none or it cannot be had here. */
  readonly peer: { readonly name: string; readonly value: number } | null
  /** Value over peer; where less is better, it is still value over peer. */
  readonly ratio: number | null
  readonly aim: string | null
  /** Null where nothing is promised, or where the peer is missing and so nothing can be said. */
  readonly met: boolean | null
  /** Seed, size, and what else one must know to read the figure. */
  readonly note: string
}

export interface Measured {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly peer?: Row['peer']
  /** The least ratio that is aimed at. */
  readonly leastRatio?: number
  /** The most that is aimed at, as a ratio. */
  readonly mostRatio?: number
  /** The least value that is aimed at, whatever the peer does. */
  readonly least?: number
  readonly note: string
}

/** A row from what was measured: ratio and verdict follow. A peer that is missing leaves the verdict open. */
export function toRow({ name, unit, value, peer = null, leastRatio, mostRatio, least, note }: Measured): Row {
  const ratio = peer === null || peer.value === 0 ? null : significant(value / peer.value)
  const aims = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(leastRatio === undefined ? [] : [`ratio at least ${significant(leastRatio)}`]),
    ...(mostRatio === undefined ? [] : [`ratio at most ${significant(mostRatio)}`]),
  ]
  const needsRatio = leastRatio !== undefined || mostRatio !== undefined
  const isMet =
    value >= (least ?? -Infinity) &&
    (ratio ?? Infinity) >= (leastRatio ?? -Infinity) &&
    (ratio ?? -Infinity) <= (mostRatio ?? Infinity)
  return {
    name,
    unit,
    value: significant(value),
    peer: peer && { name: peer.name, value: significant(peer.value) },
    ratio,
    aim: aims.length === 0 ? null : aims.join(', '),
    met: aims.length === 0 || (ratio === null && needsRatio) ? null : isMet,
    note,
  }
}

const significantDigits = 4

function significant(value: number): number {
  return Number(value.toPrecision(significantDigits))
}

/** The middle of several measurements; of an even number the lower. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? NaN
}

/** The value below which a share of the values lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN
}
