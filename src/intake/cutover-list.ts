import { cutovers, type CutoverRow } from '../../projections/cutover.ts'
import { key } from '../../projections/key.ts'
import { rowOf, type Rows } from '../../projections/rows.ts'
import type { CutoverList } from '../../schemas/command-list.ts'
import type { Fact } from '../domain/decider.ts'
import type { ListDifference } from './element-list.ts'

type CutoverListFact = Fact<
  'CutoverPlanned' | 'CutoverRescheduled' | 'CutoverStarted' | 'CutoverFinished' | 'CutoverCancelled'
>
type Listed = CutoverList['cutovers'][number]
type Said = ListDifference<CutoverListFact>['facts'][number]

/**
 * The difference between a source's works and what is known of them. What is not in the list any more is not called off: lists
 * hold the works of some weeks. A step that is said of a later time than the list's has not been taken yet.
 */
export function cutoverListDifference(
  { takenAt, cutovers: listed }: CutoverList,
  rows: Rows,
): ListDifference<CutoverListFact> {
  const facts: Said[] = []
  const counts = { items: 0, added: 0, changed: 0, ended: 0, unchanged: 0 }
  const seen = new Set<string>()
  for (const item of listed) {
    const { cutoverId } = item.plan
    if (seen.has(cutoverId)) continue
    seen.add(cutoverId)
    counts.items += 1
    const known = rowOf(rows, cutovers, key(cutoverId))
    const said = [...planSaid(item, known, takenAt), ...stepsSaid(item, known, takenAt)]
    facts.push(...said)
    if (known?.plan === undefined) counts.added += 1
    else if (said.some(({ fact: { type } }) => type === 'CutoverFinished' || type === 'CutoverCancelled')) {
      counts.ended += 1
    } else if (said.length > 0) counts.changed += 1
    else counts.unchanged += 1
  }
  return { facts, counts }
}

function planSaid({ plan, plannedAt }: Listed, known: CutoverRow | undefined, takenAt: string): Said[] {
  const { cutoverId, plannedStart, plannedEnd } = plan
  if (known?.plan === undefined) {
    const at = plannedAt ?? (takenAt < plannedStart ? takenAt : plannedStart)
    return [said({ type: 'CutoverPlanned', data: plan }, at < takenAt ? at : takenAt)]
  }
  const isOver = known.status === 'finished' || known.status === 'cancelled'
  if (isOver || (known.plan.plannedStart === plannedStart && known.plan.plannedEnd === plannedEnd)) return []
  return [said({ type: 'CutoverRescheduled', data: { cutoverId, plannedStart, plannedEnd } }, takenAt)]
}

function stepsSaid(item: Listed, known: CutoverRow | undefined, takenAt: string): Said[] {
  const { plan, startedAt, finishedAt, cancelledAt, outcome = 'done' } = item
  const { cutoverId } = plan
  const steps: Said[] = []
  const isNew = (at: string | undefined, before: string | undefined): at is string =>
    at !== undefined && at <= takenAt && before === undefined
  if (isNew(startedAt, known?.startedAt)) {
    steps.push(said({ type: 'CutoverStarted', data: { cutoverId } }, startedAt))
  }
  if (isNew(finishedAt, known?.finishedAt)) {
    steps.push(said({ type: 'CutoverFinished', data: { cutoverId, outcome } }, finishedAt))
  }
  if (isNew(cancelledAt, known?.cancelledAt)) {
    steps.push(said({ type: 'CutoverCancelled', data: { cutoverId } }, cancelledAt))
  }
  return steps
}

function said(fact: CutoverListFact, occurredAt: string): Said {
  return { fact, subject: fact.data.cutoverId, occurredAt }
}
