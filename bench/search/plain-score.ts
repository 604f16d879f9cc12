import type { Area, LonLat } from '../../schemas/geo.ts'
import { distanceMeters, metersOutside } from '../../src/correlate/geometry.ts'

/** What may explain a complaint, told plainly: somewhere, from a moment, until another. */
export interface PlainCause {
  readonly key: string
  /** The element that it lies on; none for what stands alone. */
  readonly elementId: string | undefined
  /** The element's position; of an area any corner. */
  readonly point: LonLat
  readonly area: Area | undefined
  readonly startMs: number
  /** Infinity while it lasts. */
  endMs: number
}

export interface PlainComplaint {
  readonly id: string
  readonly point: LonLat
  readonly fromMs: number
}

/** A trouble may precede its cause's start, or follow its end, by this much. */
export const slackMs = 10 * 60_000
/** How far around the complaint causes are looked for. */
export const searchMeters = 2_000
/** A cause's age that weighs as much as the whole distance. */
export const ageScaleMs = 12 * 3_600_000

/**
 * The plain score, the same for all: distance (to an area: from its edge, 0 within) in searches' widths, and age of the cause
 * when the trouble began, in half days; infinite out of reach or out of time. The least is best, ties by key.
 */
export function plainScore(cause: PlainCause, { point, fromMs }: PlainComplaint): number {
  if (!isInTime(cause, fromMs)) return Infinity
  const { area } = cause
  const meters = area === undefined ? distanceMeters(cause.point, point) : metersOutside(area, point)
  return scoreAt(meters, cause.startMs, fromMs)
}

/** Did it hold when the trouble began, give or take the slack? */
export function isInTime({ startMs, endMs }: Pick<PlainCause, 'startMs' | 'endMs'>, fromMs: number): boolean {
  return startMs <= fromMs + slackMs && endMs >= fromMs - slackMs
}

export function scoreAt(meters: number, startMs: number, fromMs: number): number {
  if (meters > searchMeters) return Infinity
  return meters / searchMeters + Math.min(1, Math.abs(fromMs - startMs) / ageScaleMs)
}

/** The best cause so far. */
export interface Best {
  key: string | undefined
  score: number
}

export function offer(best: Best, key: string, score: number): void {
  if (score > best.score || score === Infinity || (score === best.score && key > (best.key ?? ''))) return
  best.key = key
  best.score = score
}

/** One that keeps live causes and finds the best for a complaint. */
export interface Searcher {
  readonly name: string
  add(cause: PlainCause): void
  /** The cause's `endMs` has become known. */
  end(cause: PlainCause): void
  remove(cause: PlainCause): void
  best(complaint: PlainComplaint): Best
}
