import type { AttributionRow, ComplaintRow } from '../../projections/complaint-row.ts'
import type { CauseAttributed } from '../../schemas/attribution.ts'
import { columns, type Line } from './column.ts'
import { complaintLine } from './complaint-table.ts'

/** One line a complaint that is decided and not withdrawn: what is said of it at last. */
export const attributionColumns = columns({
  complaintId: 'text',
  reportedAt: 'moment',
  troubleFrom: 'moment',
  symptom: 'text',
  service: 'text',
  network: 'text',
  place: 'text',
  lon: 'number',
  lat: 'number',
  uncertaintyMeters: 'number',
  verdict: 'text',
  causeKind: 'text',
  causeId: 'text',
  rootKind: 'text',
  rootId: 'text',
  probability: 'number',
  band: 'text',
  state: 'text',
  outageId: 'text',
  repeatOf: 'text',
  attributionId: 'text',
  attributedAt: 'moment',
  ruleset: 'text',
  engineVersion: 'text',
})

export function attributionLine(complaint: ComplaintRow, { id, at, attribution }: AttributionRow): Line {
  return { ...complaintLine(complaint), ...attributionCells(attribution, id, at) }
}

/** What an attribution says of its complaint; `id` and `at` are of the event that logged it. */
export function attributionCells(attribution: CauseAttributed, id: string, at: string) {
  const { verdict, direct, root, probability, band, state, outageId, repeatOf, ruleset, engineVersion } =
    attribution
  return {
    verdict,
    causeKind: direct?.kind,
    causeId: direct?.id,
    rootKind: root?.kind,
    rootId: root?.id,
    probability,
    band,
    state,
    outageId,
    repeatOf,
    attributionId: id,
    attributedAt: at,
    ruleset,
    engineVersion,
  }
}
