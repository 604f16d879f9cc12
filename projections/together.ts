import { elements, linksUp } from './element.ts'
import { key, prefix } from './key.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** What of an outage says with which others it belongs. */
interface Begun {
  readonly outageId: string
  readonly root: { readonly kind: string }
  readonly elementId?: string | undefined
  readonly since: string
  readonly openedAt: string
}

/** Links by which a failure comes down to an element. */
const bringsDown = new Set(['feeds', 'powers'])

/**
 * Outages that are one trouble to whoever works on them, though no alarm says what lies behind: the elements that failed depend on one
 * other, and each began within `togetherMs` of the next. The one that was opened first goes first in its group, so that the group
 * goes by its name. Of two groups to which an outage could belong, the larger has it.
 */
export function groupTogether<Outage extends Begun>(
  rows: Rows,
  outages: readonly Outage[],
  togetherMs: number,
): readonly (readonly Outage[])[] {
  const byReason = new Map<string, Outage[]>()
  if (togetherMs > 0)
    for (const outage of outages)
      for (const id of reasonsOf(rows, outage)) byReason.set(id, [...(byReason.get(id) ?? []), outage])
  const runs = [...byReason]
    .flatMap(([id, sharing]) => runsOf(sharing, togetherMs).map((run) => ({ id, run })))
    .sort((a, b) => b.run.length - a.run.length || (a.id < b.id ? -1 : 1))
  const placed = new Set<Outage>()
  const groups: (readonly Outage[])[] = []
  for (const run of [...runs.map((one) => one.run), ...outages.map((outage) => [outage])]) {
    const free = run.filter((outage) => !placed.has(outage))
    if (free.length === 0 || (free.length === 1 && run.length > 1)) continue
    for (const outage of free) placed.add(outage)
    groups.push(free.sort(byOpening))
  }
  return groups
}

/** What an outage's element depends on nearest, and itself: for a cell it is the site's that counts. */
function reasonsOf(rows: Rows, { root, elementId }: Begun): readonly string[] {
  if (root.kind !== 'alarm' || elementId === undefined) return []
  const own = rowOf(rows, elements, key(elementId))?.facts
  const placeId = own?.kind === 'cell' && own.parent !== undefined ? own.parent : elementId
  const place = placeId === elementId ? own : rowOf(rows, elements, key(placeId))?.facts
  const links = [...eachRow(rows, linksUp, prefix(placeId))].filter(({ relation }) =>
    bringsDown.has(relation),
  )
  return [
    ...new Set([
      placeId,
      ...(place?.parent === undefined ? [] : [place.parent]),
      ...links.map(({ dependsOn }) => dependsOn),
    ]),
  ]
}

function runsOf<Outage extends Begun>(outages: readonly Outage[], togetherMs: number): Outage[][] {
  const runs: Outage[][] = []
  let lastMs = -Infinity
  for (const outage of outages.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))) {
    const sinceMs = Date.parse(outage.since)
    if (sinceMs - lastMs <= togetherMs) runs.at(-1)?.push(outage)
    else runs.push([outage])
    lastMs = sinceMs
  }
  return runs.filter(({ length }) => length > 1)
}

function byOpening(a: Begun, b: Begun): number {
  if (a.openedAt !== b.openedAt) return a.openedAt < b.openedAt ? -1 : 1
  return a.outageId < b.outageId ? -1 : 1
}
