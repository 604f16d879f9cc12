/**
 * What one operation did to the partition, in the order in which to apply it: `merged`, `split`, `left`, `opened`,
 * `joined`, `closed`. Folding every change keeps the whole partition; nothing else moves a complaint.
 */
export type ClusterChange =
  /** All members of `fromId`, retired ones too, now belong to `intoId`, the cluster that was opened earlier. */
  | { readonly kind: 'merged'; readonly intoId: string; readonly fromId: string }
  /** These members of `fromId` now are the cluster `clusterId`. The part with the oldest core kept the old id. */
  | {
      readonly kind: 'split'
      readonly fromId: string
      readonly clusterId: string
      readonly memberIds: readonly string[]
    }
  | { readonly kind: 'left'; readonly clusterId: string; readonly complaintId: string }
  /**
   * `clusterId` is a cluster of exactly these members. The id may have been seen before, where a merge is undone or a dissolved
   * cluster comes back: it is never one that is open.
   */
  | { readonly kind: 'opened'; readonly clusterId: string; readonly memberIds: readonly string[] }
  | { readonly kind: 'joined'; readonly clusterId: string; readonly complaintId: string }
  /** `settled`: nothing can change it any more, its members stay. `dissolved`: withdrawals left it without members. */
  | { readonly kind: 'closed'; readonly clusterId: string; readonly reason: 'settled' | 'dissolved' }
