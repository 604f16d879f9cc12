import type { LocatedPoint } from '../schemas/geo.ts'
import { key } from './key.ts'
import { moveEntries, nowhere, type ListEntry, type MapEntry, type Places } from './listing.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'
import { boxOfPoint } from './quadkey.ts'

/**
 * A customer without traffic, from when to the newest report of it: weak evidence, many are merely away. Reports that name one
 * beginning are of one silence. Table `silent`, key: customerRef, beginning.
 */
export interface SilenceRow {
  readonly customerRef: string
  readonly silentSince: string
  /** Still silent when this was reported. */
  readonly until: string
  readonly reportId: string
  readonly location?: LocatedPoint | undefined
  readonly servedBy?: string | undefined
}

export const silences = table<SilenceRow>('silent')
/** The id of an entry is the key of the silence. Key: element id, beginning, customerRef. */
export const silencesOfElement = table<ListEntry>('silent.of-element')
/** Filed under the UTC day of the beginning, so that years of reports lie in nobody's way. */
export const silenceMap = table<MapEntry>('silent.map')

/** Customers without traffic, as the CRM reports them. Queries: `silent-queries.ts`. */
export const silentProjection = projection('silent', 1, { CustomersSilentReported: report })

function report(event: ProjectedEventOf<'CustomersSilentReported'>, rows: Draft): void {
  const { reportId, customers } = event.data
  for (const { customerRef, silentSince, location, servedBy } of customers) {
    const at = key(customerRef, silentSince)
    const before = rows.get(silences, at)
    const isNewer = before === undefined || event.occurredAt >= before.until
    const row: SilenceRow = {
      customerRef,
      silentSince,
      until: isNewer ? event.occurredAt : before.until,
      reportId: isNewer ? reportId : before.reportId,
      // What one report leaves out another may have said.
      location: isNewer ? (location ?? before?.location) : (before.location ?? location),
      servedBy: isNewer ? (servedBy ?? before?.servedBy) : (before.servedBy ?? servedBy),
    }
    rows.put(silences, at, row)
    moveEntries(rows, at, before === undefined ? nowhere : placesOf(before), placesOf(row))
  }
}

function placesOf({ customerRef, silentSince, location, servedBy }: SilenceRow): Places {
  const under = silentSince.slice(0, 10)
  return {
    lists: servedBy === undefined ? [] : [[silencesOfElement, key(servedBy, silentSince, customerRef)]],
    map: location && { table: silenceMap, under, box: boxOfPoint(location.point) },
  }
}
