import type { ElementRegistered } from '../schemas/element.ts'
import { key } from './key.ts'
import type { Draft } from './projection.ts'
import { countedElements, subscribersBy, type CountedElement } from './statistics-row.ts'
import { hasSubscribers, subscribersOf } from './statistics-shares.ts'
import { sumOf } from './tally.ts'

type Facts = NonNullable<CountedElement['facts']>

const nothing: CountedElement = { below: 0 }

export function registerElement(
  rows: Draft,
  { elementId, subscribers, services, network, parent, location }: ElementRegistered,
): void {
  const facts: Facts = { subscribers, services, network, parent, point: location?.point }
  putElement(rows, elementId, facts)
}

export function changeElement(rows: Draft, elementId: string, to: (facts: Facts) => Facts): void {
  const facts = rows.get(countedElements, key(elementId))?.facts
  if (facts === undefined) return
  const { subscribers, services, network, parent, point, retired } = to(facts)
  putElement(rows, elementId, { subscribers, services, network, parent, point, retired })
}

function putElement(rows: Draft, elementId: string, facts: Facts): void {
  const before = rows.get(countedElements, key(elementId)) ?? nothing
  const after = { ...before, facts }
  move(rows, elementId, before, after)
  const [from, to] = [carrierOf(before), carrierOf(after)]
  if (from === to) return
  if (from !== undefined) countBelow(rows, from, -1)
  if (to !== undefined) countBelow(rows, to, 1)
}

/** The parent that leaves its subscribers to be counted with this element. */
function carrierOf(row: CountedElement): string | undefined {
  return hasSubscribers(row) ? row.facts?.parent : undefined
}

function countBelow(rows: Draft, elementId: string, by: 1 | -1): void {
  const before = rows.get(countedElements, key(elementId)) ?? nothing
  move(rows, elementId, before, { ...before, below: before.below + by })
}

function move(rows: Draft, elementId: string, before: CountedElement, after: CountedElement): void {
  rows.put(countedElements, key(elementId), after)
  count(rows, before, -1)
  count(rows, after, 1)
}

function count(rows: Draft, row: CountedElement, by: 1 | -1): void {
  const { under, counts } = subscribersOf(row)
  for (const [dimension, value] of under) {
    const at = key(dimension, value)
    const sum = sumOf(rows.get(subscribersBy, at)?.counts ?? {}, counts, by)
    rows.put(subscribersBy, at, Object.keys(sum).length === 0 ? undefined : { value, counts: sum })
  }
}
