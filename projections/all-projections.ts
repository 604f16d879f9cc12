import { actProjection } from './act.ts'
import { advisoryProjection } from './advisory.ts'
import { alarmProjection } from './alarm.ts'
import { auditProjection } from './audit.ts'
import { causeBatchProjection } from './cause-batch.ts'
import { clusterProjection } from './cluster.ts'
import { complaintProjection } from './complaint.ts'
import { cutoverProjection } from './cutover.ts'
import { elementProjection } from './element.ts'
import { feedKindProjection } from './feed-kind.ts'
import { feedSilenceProjection } from './feed-silence.ts'
import { feedProjection } from './feed.ts'
import { gapProjection } from './gap.ts'
import { muteProjection } from './mute.ts'
import { noteProjection } from './note.ts'
import { orderProjection } from './order.ts'
import { outageExtentProjection } from './outage-extent.ts'
import { outageProjection } from './outage-projection.ts'
import { parkedInputProjection } from './parked-input.ts'
import type { Projection } from './projection.ts'
import { promiseProjection } from './promise.ts'
import { rejectionProjection } from './rejection.ts'
import { rulesetProjection } from './ruleset.ts'
import { silentProjection } from './silent.ts'
import { statisticsProjection } from './statistics.ts'

/** Every read model. */
export const allProjections: readonly Projection[] = [
  actProjection,
  advisoryProjection,
  alarmProjection,
  auditProjection,
  causeBatchProjection,
  clusterProjection,
  complaintProjection,
  cutoverProjection,
  elementProjection,
  feedKindProjection,
  feedProjection,
  feedSilenceProjection,
  gapProjection,
  muteProjection,
  noteProjection,
  orderProjection,
  outageExtentProjection,
  outageProjection,
  parkedInputProjection,
  promiseProjection,
  rejectionProjection,
  rulesetProjection,
  silentProjection,
  statisticsProjection,
]

/** Names the shape of the rows: a store with another tag is rebuilt from the log. */
export function tagOf(projections: readonly Projection[]): string {
  return projections
    .map(({ name, version }) => `${name}:${version}`)
    .sort()
    .join(' ')
}
