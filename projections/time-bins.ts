import type { Counts } from './tally.ts'

/**
 * Spans of time are counted in bins, each a quarter wider than the one before, so that a median of any number of them is
 * known to within its bin: the geometric middle is at most 12% off.
 */
const firstBoundMs = 1_000
const growth = 1.25
const bins = 84

/** Lower bounds; the last is above three years. */
const boundsMs: readonly number[] = Array.from({ length: bins }, (_, at) =>
  at === 0 ? 0 : Math.round(firstBoundMs * growth ** (at - 1)),
)

const nameOf = (bin: number): string => `ms${bin}`

/** The name under which a span is counted. */
export function binOf(spanMs: number): string {
  const above = boundsMs.findIndex((boundMs) => boundMs > Math.max(0, spanMs))
  return nameOf(above === -1 ? bins - 1 : above - 1)
}

export interface Median {
  readonly ms: number
  /** Between these it lies; all that is known of it. */
  readonly betweenMs: readonly [atLeast: number, below: number]
}

/** The lower median of what was counted; `undefined` of nothing. */
export function medianOf(counts: Counts): Median | undefined {
  const total = boundsMs.reduce((sum, _, bin) => sum + (counts[nameOf(bin)] ?? 0), 0)
  let below = 0
  for (const [bin, atLeast] of boundsMs.entries()) {
    below += counts[nameOf(bin)] ?? 0
    if (below * 2 < total || below === 0) continue
    const upper = boundsMs[bin + 1] ?? atLeast
    const ms = bin === 0 ? upper / 2 : Math.round(Math.sqrt(atLeast * upper))
    return { ms, betweenMs: [atLeast, upper] }
  }
  return undefined
}
