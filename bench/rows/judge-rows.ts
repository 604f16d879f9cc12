import type { ComplaintTruth } from '../../src/simulate/feed-event.ts'
import type { RowSeen } from './rows-seen.ts'
import type { TrueOutage } from './true-outages.ts'

/**
 * What a new row was. `first`: of a true outage that had none. `again`: of one that had one. `nothing`: nothing that customers noticed
 * as one trouble stands behind it.
 */
export type RowVerdict = 'first' | 'again' | 'nothing'

export interface JudgedRow {
  readonly row: RowSeen
  readonly verdict: RowVerdict
  /** The true outages that it stood for. */
  readonly outages: readonly TrueOutage[]
}

export interface JudgedDay {
  /** Those that were new within the day. */
  readonly rows: readonly JudgedRow[]
  /** The true outages first noticed within the day. */
  readonly outages: readonly TrueOutage[]
  /** When each true outage had a row, by its id; those without are left out. */
  readonly rowMs: ReadonlyMap<string, number>
}

interface Day {
  readonly fromMs: number
  readonly toMs: number
  readonly outages: readonly TrueOutage[]
  readonly truth: ReadonlyMap<string, ComplaintTruth>
}

/** A cluster stands for a true outage from this share of its complaints on. */
const clusterShare = 0.5

/** Holds the rows of a day against what was true. */
export function judgeRows(seen: readonly RowSeen[], { fromMs, toMs, outages, truth }: Day): JudgedDay {
  const isWithin = (ms: number): boolean => ms >= fromMs && ms < toMs
  const byRef = new Map(outages.flatMap((outage) => [...outage.refs].map((ref) => [ref, outage] as const)))
  const byId = new Map(outages.map((outage) => [outage.id, outage]))
  const rowMs = new Map<string, number>()
  const rows = seen
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((row): JudgedRow => {
      const stoodFor = row.kind === 'outage' ? ofRoots(row, byRef) : ofMembers(row, byId, truth)
      const isFirst = [...stoodFor].some(([{ id }]) => (rowMs.get(id) ?? Infinity) > row.atMs)
      for (const [{ id }, atMs] of stoodFor) rowMs.set(id, Math.min(rowMs.get(id) ?? Infinity, atMs))
      const verdict = stoodFor.size === 0 ? 'nothing' : isFirst ? 'first' : 'again'
      return { row, verdict, outages: [...stoodFor.keys()] }
    })
  return {
    rows: rows.filter(({ row }) => isWithin(row.atMs)),
    outages: outages.filter(({ noticedMs }) => isWithin(noticedMs)),
    rowMs,
  }
}

function ofRoots(row: RowSeen, byRef: ReadonlyMap<string, TrueOutage>): Map<TrueOutage, number> {
  const found = new Map<TrueOutage, number>()
  for (const [part, roots] of row.roots)
    for (const root of roots) {
      const outage = byRef.get(root)
      const atMs = row.parts.get(part) ?? row.atMs
      if (outage !== undefined) found.set(outage, Math.min(atMs, found.get(outage) ?? Infinity))
    }
  return found
}

function ofMembers(
  row: RowSeen,
  byId: ReadonlyMap<string, TrueOutage>,
  truth: ReadonlyMap<string, ComplaintTruth>,
): Map<TrueOutage, number> {
  const counts = new Map<TrueOutage, number>()
  for (const complaintId of row.complaintIds) {
    const outage = byId.get(truth.get(complaintId)?.outageId ?? '')
    if (outage !== undefined) counts.set(outage, (counts.get(outage) ?? 0) + 1)
  }
  const least = row.complaintIds.size * clusterShare
  return new Map([...counts].filter(([, count]) => count >= least).map(([outage]) => [outage, row.atMs]))
}
