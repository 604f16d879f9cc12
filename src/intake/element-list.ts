import { elements, linksUp, type ElementRow } from '../../projections/element.ts'
import { key } from '../../projections/key.ts'
import { eachRow, rowOf, type Rows } from '../../projections/rows.ts'
import type { AnswerList, ElementList } from '../../schemas/command-list.ts'
import { canonicalJson } from '../../schemas/event-id.ts'
import type { Fact } from '../domain/decider.ts'
import { changeOf } from '../ingest/inventory-differences.ts'

type InventoryFact = Fact<'ElementRegistered' | 'ElementChanged' | 'ElementRetired' | 'ElementLinked'>

/** What a list says beyond what is known, and whom each is about. */
export interface ListDifference<F> {
  readonly facts: readonly { readonly fact: F; readonly subject: string; readonly occurredAt: string }[]
  readonly counts: AnswerList
}

/** The difference between a source's inventory and what is known. Twice in one list, the first counts. */
export function elementListDifference(list: ElementList, rows: Rows): ListDifference<InventoryFact> {
  const { takenAt: occurredAt } = list
  const facts: { fact: InventoryFact; subject: string; occurredAt: string }[] = []
  const counts = { items: 0, added: 0, changed: 0, ended: 0, unchanged: 0 }
  const listed = new Set<string>()
  const say = (outcome: 'added' | 'changed' | 'ended', fact: InventoryFact, subject: string): void => {
    counts[outcome] += 1
    facts.push({ fact, subject, occurredAt })
  }
  for (const data of list.elements) {
    const { elementId } = data
    if (listed.has(elementId)) continue
    listed.add(elementId)
    counts.items += 1
    const known = rowOf(rows, elements, key(elementId))
    if (known === undefined || known.retiredAt !== undefined) {
      say('added', { type: 'ElementRegistered', data }, elementId)
    } else if (canonicalJson(known.facts) === canonicalJson(data)) counts.unchanged += 1
    else say('changed', { type: 'ElementChanged', data: changeOf(known.facts, data) }, elementId)
  }
  for (const data of list.links) {
    const { elementId, dependsOn, relation } = data
    const at = key(elementId, relation, dependsOn)
    if (listed.has(at)) continue
    listed.add(at)
    counts.items += 1
    if (rowOf(rows, linksUp, at) !== undefined) counts.unchanged += 1
    else say('added', { type: 'ElementLinked', data }, JSON.stringify([elementId, relation, dependsOn]))
  }
  if (list.retireMissing) {
    for (const { elementId } of missing(rows, list.source, listed)) {
      say('ended', { type: 'ElementRetired', data: { elementId } }, elementId)
    }
  }
  return { facts, counts }
}

function* missing(rows: Rows, source: string, listed: ReadonlySet<string>): Generator<ElementRow> {
  for (const row of eachRow(rows, elements)) {
    if (row.source === source && row.retiredAt === undefined && !listed.has(row.elementId)) yield row
  }
}
