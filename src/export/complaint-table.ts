import type { ComplaintRow } from '../../projections/complaint-row.ts'
import { columns, type Line } from './column.ts'

/** Complaints as they stand, free of personal data: customers are not told apart, and what they said lies sealed. */
export const complaintColumns = columns({
  complaintId: 'text',
  reportedAt: 'moment',
  recordedAt: 'moment',
  source: 'text',
  backfilled: 'flag',
  status: 'text',
  service: 'text',
  network: 'text',
  symptom: 'text',
  scope: 'text',
  setting: 'text',
  stillOut: 'text',
  troubleFrom: 'moment',
  troubleTo: 'moment',
  pattern: 'text',
  place: 'text',
  placeSource: 'text',
  lon: 'number',
  lat: 'number',
  uncertaintyMeters: 'number',
  servedBy: 'text',
  customerClass: 'text',
  channel: 'text',
  attributions: 'integer',
  verdict: 'text',
  outageId: 'text',
})

export function complaintLine(row: ComplaintRow): Line {
  const { complaintId, facts, recordedAt, source, backfilled, status, attributions, attribution } = row
  const { reportedAt, service, network, symptom, scope, setting, stillOut, trouble } = facts
  const { servedBy, customerClass, channel } = facts
  return {
    complaintId,
    reportedAt,
    recordedAt,
    source,
    backfilled: backfilled === true,
    status,
    service,
    network,
    symptom,
    scope,
    setting,
    stillOut,
    troubleFrom: trouble.from,
    troubleTo: trouble.to,
    pattern: trouble.pattern,
    ...placeCells(facts),
    servedBy,
    customerClass,
    channel,
    attributions,
    verdict: attribution?.verdict,
    outageId: attribution?.outageId,
  }
}

/** Where a complaint says that the trouble was. */
function placeCells({ place }: Pick<ComplaintRow['facts'], 'place'>): Line {
  const [lon, lat] = place?.location.point ?? []
  const { name, source, uncertaintyMeters } = place ?? {}
  return { place: name, placeSource: source, lon, lat, uncertaintyMeters }
}
