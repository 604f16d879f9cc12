import type { OutageEnded, OutageOpened } from '../schemas/outage.ts'
import type { ActRef } from './act.ts'
import type { Care } from './care.ts'
import { key, newestFirst } from './key.ts'
import { moveEntries, nowhere, type ListEntry, type MapEntry, type Places } from './listing.ts'
import type { Mergeable } from './merged.ts'
import type { LineageStep, OutageVerdictAct, WordedAct } from './outage-lineage.ts'
import { ownOf, standingOf, type OwnStanding } from './outage-standing.ts'
import { table, type Draft, type Table } from './projection.ts'
import { boxOfPoint } from './quadkey.ts'
import type { RootSpell } from './root-spell.ts'
import { spellKeys } from './spell.ts'
import type { StillOut } from './still-out.ts'
import type { StoryEntry } from './story.ts'

export type OutageStatus = 'open' | 'ended'

/** An outage as it stands. Table `outage`, key: outage id. Its complaints are counted and listed with the complaints. */
export interface OutageRow extends Mergeable, Care, Omit<OutageOpened, 'box'> {
  readonly status: OutageStatus
  readonly openedAt: string
  readonly backfilled?: true | undefined
  /** West, south, east, north of what it serves. */
  readonly box?: OutageOpened['box']
  readonly ended?: { readonly at: string; readonly reason: OutageEnded['reason'] } | undefined
  /** When the clear had held for the dwell; absent while that is not so. */
  readonly restoredAt?: string | undefined
  /** A customer who was called back is still out: it counts as open, whatever the engine says. */
  readonly stillOut?: StillOut | undefined
  /** When the last who had been still out was no longer. */
  readonly settledAt?: string | undefined
  /** Every root that it has had, the present one last; the newest `maxRootsKept`. */
  readonly roots: readonly RootSpell[]
  /** The last is the one in force. */
  readonly estimates?: readonly (ActRef & { readonly expectedEnd: string })[] | undefined
  readonly verdicts?: readonly OutageVerdictAct[] | undefined
  readonly worded?: readonly WordedAct[] | undefined
  /** When it was first known to be repaired, if it still is. */
  readonly repairedAt?: string | undefined
  /** How it stands by itself, where people put others into it: its row tells how all of them stand together. */
  readonly own?: OwnStanding | undefined
  /** What people said it is one with; see `outage-joined.ts`. */
  readonly joined?: Joined | undefined
  /** Its merges and splits, the newest last. */
  readonly lineage?: readonly LineageStep[] | undefined
}

/** A person's word that an outage is one with another. */
export interface Joined {
  readonly eventId: string
  readonly at: string
  readonly intoId: string
  /** The outage that was put into the other for it; absent where they are one already. */
  readonly linkedFrom?: string | undefined
}

export const outages = table<OutageRow>('outage')
export const outageStories = table<StoryEntry>('outage.story')
/** Key: status, inverted `since` (of ended ones: inverted end), outage id. Those merged into another are in no list. */
export const outageList = table<ListEntry>('outage.list')
/** Key: cause kind, cause id, inverted `since`, outage id; for every root it has had. */
export const outagesOfCause = table<ListEntry>('outage.of-cause')
/** By when they were open, as `spell.ts` files it. Those merged into another are left out. */
export const outageSpells = table<ListEntry>('outage.spell')
/** Filed under the status. */
export const outageMap = table<MapEntry>('outage.map')

/** Writes an outage changed, and how those stand that people put it into. */
export function changeOutage(rows: Draft, outageId: string, to: (row: OutageRow) => OutageRow): void {
  const row = rows.get(outages, key(outageId))
  if (row !== undefined) putOutage(rows, to(ownOf(row)))
}

/** The same for a row whose standing is its own. */
export function putOutage(rows: Draft, own: OutageRow): void {
  const row = standingOf(own, partsWithin(rows, own))
  write(rows, { ...row, status: statusOf(row) })
  const { mergedInto } = row
  if (mergedInto?.byHand) changeOutage(rows, mergedInto.id, (into) => into)
}

/** Those that stand in it with a state of their own: the engine's parts ended when they became that. */
function partsWithin(rows: Draft, { absorbed = [] }: OutageRow): readonly OutageRow[] {
  return absorbed.flatMap((merge) => {
    const part = merge.byHand ? rows.get(outages, key(merge.id)) : undefined
    return part === undefined ? [] : [part]
  })
}

function statusOf({ ended, stillOut }: OutageRow): OutageStatus {
  return ended === undefined || stillOut !== undefined ? 'open' : 'ended'
}

function write(rows: Draft, row: OutageRow): void {
  const at = key(row.outageId)
  const before = rows.get(outages, at)
  rows.put(outages, at, row)
  moveEntries(rows, row.outageId, before === undefined ? nowhere : placesOf(before), placesOf(row))
}

function placesOf(row: OutageRow): Places {
  const { outageId, status, since, mergedInto, point, box = point && boxOfPoint(point) } = row
  const ended = status === 'ended' ? row.ended : undefined
  const causes = new Map(row.roots.map(({ root }) => [key(root.kind, root.id), root]))
  const lists: (readonly [Table<ListEntry>, string])[] = [...causes.values()].map(
    ({ kind, id }) => [outagesOfCause, key(kind, id, newestFirst(since), outageId)] as const,
  )
  if (mergedInto !== undefined) return { lists }
  lists.push([outageList, key(status, newestFirst(ended?.at ?? since), outageId)])
  for (const at of spellKeys(since, ended?.at, outageId)) lists.push([outageSpells, at])
  return { lists, map: box && { table: outageMap, under: status, box } }
}
