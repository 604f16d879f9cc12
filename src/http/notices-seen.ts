import { knownAsOf } from '../../projections/moment.ts'
import type { Notice } from '../../projections/notice-row.ts'
import { noticesOpen, type WantedByMute } from '../../projections/notice.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { OnBehalf } from './services.ts'
import type { Sight } from './sight.ts'

/** Distinct customers of a cluster, where no ruleset says how many open one. */
const defaultMinCustomers = 4

/** What network operations has before it in a sight, the most pressing first. */
export function noticesSeen(
  { config: { noc }, rows }: OnBehalf,
  sight: Sight,
  muted: WantedByMute,
): { readonly notices: readonly Notice[]; readonly complete: boolean } {
  const then = knownAsOf(rows, toInstant(sight.nowMs - noc.growthMs))
  return noticesOpen(sight.rows, then.kind === 'known' ? then.rows : undefined, {
    nowMs: sight.nowMs,
    weights: noc,
    minCustomers: sight.ruleset?.clusters.minCustomers ?? defaultMinCustomers,
    togetherMs: noc.togetherMs,
    muted,
    maxNotices: noc.maxNotices,
  })
}
