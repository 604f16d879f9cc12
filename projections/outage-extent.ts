import type { AlarmCorrelated, CauseRef, ChainLink } from '../schemas/attribution.ts'
import { key } from './key.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'

/** What an alarm hangs on. Table `outage-extent.alarm`, key: the alarm's cause id. Gone where it hangs on nothing. */
export interface CorrelationRow {
  readonly alarm: CauseRef
  readonly elementId: string
  readonly root: CauseRef
  readonly relation?: ChainLink['relation'] | undefined
  readonly outageId?: string | undefined
  readonly at: string
}

/** An element that an outage takes with it. Key: outage id, element id. */
export interface AffectedElement {
  readonly elementId: string
  readonly alarmCount: number
  /** The first `maxAlarmsKept`. */
  readonly alarms: readonly CauseRef[]
}

/** How many elements and alarms hang on an outage. Key: outage id. */
export interface Extent {
  readonly elements: number
  readonly alarms: number
}

/** The most alarms of one element that an outage names; all are counted. */
const maxAlarmsKept = 20

export const correlations = table<CorrelationRow>('outage-extent.alarm')
export const affectedElements = table<AffectedElement>('outage-extent.element')
export const extents = table<Extent>('outage-extent')

export const outageExtentProjection = projection('outage-extent', 1, { AlarmCorrelated: correlate })

function correlate(event: ProjectedEventOf<'AlarmCorrelated'>, rows: Draft): void {
  const { alarm, elementId, root, relation, outageId } = event.data
  const at = key(alarm.id)
  const before = rows.get(correlations, at)
  rows.put(
    correlations,
    at,
    root === undefined ? undefined : { alarm, elementId, root, relation, outageId, at: event.recordedAt },
  )
  const after = root === undefined ? undefined : outageId
  if (before?.outageId === after) return
  if (before?.outageId !== undefined) count(rows, before.outageId, before, -1)
  if (after !== undefined) count(rows, after, event.data, 1)
}

function count(
  rows: Draft,
  outageId: string,
  { alarm, elementId }: Pick<AlarmCorrelated, 'alarm' | 'elementId'>,
  by: 1 | -1,
): void {
  const at = key(outageId, elementId)
  const held = rows.get(affectedElements, at)
  const alarmCount = (held?.alarmCount ?? 0) + by
  const others = (held?.alarms ?? []).filter(({ id }) => id !== alarm.id)
  const alarms = by === 1 ? [...others, alarm].slice(0, maxAlarmsKept) : others
  rows.put(affectedElements, at, alarmCount > 0 ? { elementId, alarmCount, alarms } : undefined)
  const extent = rows.get(extents, key(outageId))
  const newElement = Math.sign(alarmCount) - Math.sign(held?.alarmCount ?? 0)
  rows.put(extents, key(outageId), {
    elements: (extent?.elements ?? 0) + newElement,
    alarms: (extent?.alarms ?? 0) + by,
  })
}
