import type { ActRow } from './act.ts'
import type { AdvisoryRow } from './advisory.ts'
import type { AlarmRow } from './alarm-row.ts'
import type { CauseBatchRow } from './cause-batch.ts'
import { byCluster, byOutage, type AttributionRow, type ComplaintRow } from './complaint-row.ts'
import type { CutoverRow } from './cutover.ts'
import type { LinkRow } from './element.ts'
import { subjectsOf } from './event-subjects.ts'
import type { CandidateRow } from './gap.ts'
import type { OrderRow } from './order.ts'
import type { OutageRow } from './outage.ts'
import { boxOfCell, middleOf } from './quadkey.ts'
import { countLoose, countMembers, countBatch, countNetwork } from './region-counts.ts'
import type { Looking, Thing } from './region-view.ts'
import { rowOf } from './rows.ts'
import { silences, type SilenceRow } from './silent.ts'
import type { StoryEntry } from './story.ts'
import { partOfAdvisory, partOfCutover, partOfEntry, partOfOrder, partOfOutage } from './region-parts.ts'
import { unplaced } from './statistics-row.ts'

/** What of a row is shown, where anything is. `at` is its key; its first part is the key of the thing that it is filed under. */
export type ShowRow = (row: object, at: string, looking: Looking) => object | undefined

const shows =
  <Row extends object>(show: (row: Row, looking: Looking, at: string) => object | undefined): ShowRow =>
  (row, at, looking) =>
    show(row as Row, looking, at)
const showsIf = <Row extends object>(isShown: (row: Row, looking: Looking, at: string) => boolean): ShowRow =>
  shows<Row>((row, looking, at) => (isShown(row, looking, at) ? row : undefined))

type Listed = { readonly id: string }
const open: ShowRow = (row) => row
/** Entries that name a thing by its id. */
const lists = (kind: Thing['kind']) => showsIf<Listed>(({ id }, { sees }) => sees(kind, id))
const ofElement = showsIf<{ readonly elementId: string }>(({ elementId }, { sees }) =>
  sees('element', elementId),
)
const about = showsIf<{ readonly about: Thing }>(({ about: { kind, id } }, { sees }) => sees(kind, id))
/** Ids are keys of themselves, save that a long one is cut, which the key of a key is not again. */
const filedUnder = (at: string): string => at.split('\u001f', 1)[0] ?? ''
const stories = (kind: Thing['kind']) =>
  shows<StoryEntry>((entry, looking, at) =>
    looking.sees(kind, filedUnder(at))
      ? partOfEntry(entry, looking, { kind, id: filedUnder(at) })
      : undefined,
  )
const silence = ({ location, servedBy }: SilenceRow, { scope, sees }: Looking): boolean =>
  location === undefined
    ? servedBy !== undefined && sees('element', servedBy)
    : scope.ground.holds(location.point)
const silenceListed = showsIf<Listed>(({ id }, looking) => {
  const row = rowOf(looking.rows, silences, id)
  return row !== undefined && silence(row, looking)
})
/** Sums by cells of the ground count to the region in which the middle of the cell lies; other sums are of the whole network. */
const tally = showsIf<{ readonly value: string }>(
  ({ value }, { scope }, at) =>
    ['area', 'ground'].includes(filedUnder(at)) &&
    value !== unplaced &&
    scope.ground.holds(middleOf(boxOfCell(value))),
)
const alarmOf = (at: string): string => {
  const [source = '', alarmId = ''] = at.split('\u001f')
  return `${source}/${alarmId}`
}

/**
 * What callers of some regions see of each table. What is not named here they do not see: a read model's new table is closed to
 * them until somebody says whose its rows are.
 */
export const regionTables: Readonly<Record<string, ShowRow>> = {
  moment: open,
  feed: open,
  'feed-silence': open,
  'feed-silence.past': open,
  'feed-silence.heartbeat': open,
  ruleset: open,
  mute: open,
  'statistics.zone': open,

  complaint: showsIf<ComplaintRow>((row, { view }) => view.seesComplaint(row)),
  'complaint.story': stories('complaint'),
  'complaint.attribution': showsIf<AttributionRow>(({ attribution: { complaintId } }, { sees }) =>
    sees('complaint', complaintId),
  ),
  'complaint.of-customer': lists('complaint'),
  'complaint.of-outage': lists('complaint'),
  'complaint.of-cluster': lists('complaint'),
  'complaint.of-day': lists('complaint'),
  'complaint.to-dispatch': lists('complaint'),
  'complaint.to-call-back': lists('complaint'),
  'complaint.loose-to-call-back': lists('complaint'),
  'complaint.to-correct': lists('complaint'),
  'complaint.of-cause-heard': lists('complaint'),
  'complaint.trouble-map': lists('complaint'),
  promise: showsIf<{ readonly complaintId: string }>(({ complaintId }, { sees }) =>
    sees('complaint', complaintId),
  ),
  'complaint.cluster-of-cause': lists('cluster'),
  // Counts are counted anew: how many others there are is not told.
  'complaint.outage-counts': (_row, at, looking) => countMembers(looking, byOutage, at),
  'complaint.cluster-counts': (_row, at, looking) => countMembers(looking, byCluster, at),
  'complaint.loose-counts': (_row, at, looking) => countLoose(looking, at),
  // Whether a customer has complained is asked of those who are seen, and told of nobody.
  'complaint.outage-customer': open,

  outage: shows<OutageRow>((row, looking) =>
    looking.sees('outage', row.outageId) ? partOfOutage(row, looking) : undefined,
  ),
  'outage.story': stories('outage'),
  'outage.list': lists('outage'),
  'outage.of-cause': lists('outage'),
  'outage.spell': lists('outage'),
  'outage.map': lists('outage'),
  'outage-extent': (_row, at, looking) => countNetwork(looking, at),
  'outage-extent.element': ofElement,
  'outage-extent.alarm': ofElement,

  cluster: showsIf<{ readonly clusterId: string }>(({ clusterId }, { sees }) => sees('cluster', clusterId)),
  'cluster.story': stories('cluster'),
  'cluster.list': lists('cluster'),
  'cluster.spell': lists('cluster'),
  'cluster.map': lists('cluster'),

  element: ofElement,
  'element.child': lists('element'),
  'element.map': lists('element'),
  'element.link-up': showsIf<LinkRow>(
    ({ elementId, dependsOn }, { sees }) => sees('element', elementId) && sees('element', dependsOn),
  ),
  'element.link-down': showsIf<LinkRow>(
    ({ elementId, dependsOn }, { sees }) => sees('element', elementId) && sees('element', dependsOn),
  ),

  alarm: showsIf<AlarmRow>(({ elementId }, { sees }) => sees('element', elementId)),
  'alarm.past': showsIf((_row, { sees }, at) => sees('alarm', alarmOf(at))),
  'alarm.on-element': ofElement,

  cutover: shows<CutoverRow>((row, looking) =>
    looking.sees('cutover', row.cutoverId) ? partOfCutover(row, looking) : undefined,
  ),
  'cutover.story': stories('cutover'),
  'cutover.list': lists('cutover'),
  'cutover.of-element': lists('cutover'),
  'cutover.map': lists('cutover'),

  gap: showsIf<{ readonly gapId: string }>(({ gapId }, { sees }) => sees('gap', gapId)),
  'gap.story': stories('gap'),
  'gap.list': lists('gap'),
  'gap.map': lists('gap'),
  'gap.candidate': shows<CandidateRow>((row, { sees }) =>
    sees('gap candidate', row.candidateId)
      ? { ...row, complaintIds: row.complaintIds.filter((id) => sees('complaint', id)) }
      : undefined,
  ),
  'gap.candidate-list': lists('gap candidate'),

  advisory: shows<AdvisoryRow>((row, looking) =>
    looking.sees('advisory', row.advisoryId) ? partOfAdvisory(row, looking) : undefined,
  ),
  'advisory.story': stories('advisory'),
  'advisory.list': lists('advisory'),
  'advisory.of-element': lists('advisory'),
  'advisory.map': lists('advisory'),

  order: shows<OrderRow>((row, looking) =>
    looking.sees('order', row.orderId) ? partOfOrder(row, looking) : undefined,
  ),
  'order.story': stories('order'),
  'order.list': lists('order'),
  'order.of': lists('order'),
  'order.external': lists('order'),

  'cause-batch': shows<CauseBatchRow>((row, looking) =>
    looking.sees('batch', row.batchId) ? { ...row, ...countBatch(looking, row.batchId) } : undefined,
  ),
  'cause-batch.list': lists('batch'),
  'cause-batch.member': showsIf<{ readonly complaintId: string }>(({ complaintId }, { sees }) =>
    sees('complaint', complaintId),
  ),

  note: about,
  'note.by-time': about,
  rejection: about,
  act: showsIf<ActRow>(({ act }, { sees }) =>
    subjectsOf({ ...act, meta: { source: '' } }).every(
      (subject) => !('thing' in subject) || sees(subject.thing.kind, subject.thing.id),
    ),
  ),

  silent: showsIf<SilenceRow>(silence),
  'silent.of-element': silenceListed,
  'silent.map': silenceListed,

  'statistics.of-complaints': tally,
  'statistics.of-outages': tally,
  'statistics.subscribers': tally,
}
