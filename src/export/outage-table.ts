import type { Counts } from '../../projections/members.ts'
import type { OutageRow } from '../../projections/outage.ts'
import { columns, type Line } from './column.ts'

/** Outages as they stand, merged ones too, each with the complaints that are its own. */
export const outageColumns = columns({
  outageId: 'text',
  status: 'text',
  state: 'text',
  title: 'text',
  rootKind: 'text',
  rootId: 'text',
  elementId: 'text',
  because: 'text',
  since: 'moment',
  openedAt: 'moment',
  endedAt: 'moment',
  endReason: 'text',
  mergedInto: 'text',
  expectedEnd: 'moment',
  network: 'text',
  services: 'text',
  lon: 'number',
  lat: 'number',
  subscribers: 'integer',
  complaints: 'integer',
  customers: 'integer',
  backfilled: 'flag',
})

export function outageLine(row: OutageRow, counts: Counts | undefined): Line {
  const { outageId, status, state, title, root, elementId, because, since, openedAt, ended } = row
  const { mergedInto, estimates, expectedEnd, network, services, point, subscribers, backfilled } = row
  return {
    outageId,
    status,
    state,
    title,
    rootKind: root.kind,
    rootId: root.id,
    elementId,
    because,
    since,
    openedAt,
    endedAt: ended?.at,
    endReason: ended?.reason,
    mergedInto: mergedInto?.id,
    expectedEnd: estimates?.at(-1)?.expectedEnd ?? expectedEnd,
    network,
    services: services.join(' '),
    lon: point?.[0],
    lat: point?.[1],
    subscribers,
    complaints: counts?.complaints ?? 0,
    customers: counts?.customers ?? 0,
    backfilled: backfilled === true,
  }
}
