/** How many points what is known of a notice is worth; see `noc` in the configuration. */
export interface NoticeWeights {
  readonly customerPoints: number
  readonly growthPoints: number
  readonly subscriberPoints: number
  readonly feedPoints: number
  readonly hourPoints: number
  readonly maxAgeHours: number
  readonly overShare: number
}

interface Noticed {
  readonly kind: 'outage' | 'cluster' | 'feed'
  /** Distinct customers who complained. */
  readonly customers: number
  /** How many of them are new. */
  readonly growth: number
  readonly subscribers?: number | undefined
  readonly since: string
  readonly state: 'suspected' | 'open' | 'watched' | 'restored'
}

const hourMs = 3_600_000

/**
 * The points by which notices are ranked, to a tenth:
 *
 *     (customers × customerPoints + max(growth, 0) × growthPoints + subscribers × subscriberPoints
 *       + feedPoints where it is a silent source + min(age in hours, maxAgeHours) × hourPoints) × (overShare where it is watched or restored, else 1)
 */
export function rankOf(
  { kind, customers, growth, subscribers = 0, since, state }: Noticed,
  nowMs: number,
  weights: NoticeWeights,
): number {
  const ageHours = Math.max(0, nowMs - Date.parse(since)) / hourMs
  const points =
    customers * weights.customerPoints +
    Math.max(growth, 0) * weights.growthPoints +
    subscribers * weights.subscriberPoints +
    (kind === 'feed' ? weights.feedPoints : 0) +
    Math.min(ageHours, weights.maxAgeHours) * weights.hourPoints
  const isOver = state === 'watched' || state === 'restored'
  return Math.round(points * (isOver ? weights.overShare : 1) * 10) / 10
}
