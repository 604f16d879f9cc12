import { beyondOf, kindsOf, seenBoth, unknownOf, type FeedKind } from '../../projections/feed-kind.ts'
import type { Rows } from '../../projections/rows.ts'
import { elementKind as elementKinds } from '../../schemas/element.ts'
import type { AnswerUnmapped } from '../../schemas/answer-feed.ts'
import type { ImpactTable } from '../correlate/impact.ts'

/**
 * What of a source's alarms is to be mapped, the most frequent first: kinds that no impact rule fits, elements that the
 * inventory does not know, and what came beyond what is kept of either.
 */
export function unmappedOfFeed(
  rows: Rows,
  source: string,
  impacts: ImpactTable | undefined,
): readonly AnswerUnmapped[] {
  const kinds = new Map<string, Extract<AnswerUnmapped, { what: 'kind' }>>()
  for (const kind of kindsOf(rows, source)) {
    if (impacts === undefined || isMapped(kind, impacts)) continue
    const { alarmType, probableCause, specificProblem } = kind
    const name = JSON.stringify([alarmType, probableCause, specificProblem])
    kinds.set(name, together(kinds.get(name), kind))
  }
  const elements = unknownOf(rows, source).map(({ elementId, alarmId, ...seen }) => ({
    what: 'element' as const,
    elementId,
    ...seen,
    example: { alarmId, elementId },
  }))
  const beyond = beyondOf(rows, source)
  return [
    ...[...kinds.values(), ...elements].sort(
      (a, b) => b.count - a.count || (a.firstAt < b.firstAt ? -1 : a.firstAt > b.firstAt ? 1 : 0),
    ),
    ...(beyond.kinds === undefined ? [] : [{ what: 'more-kinds' as const, ...beyond.kinds }]),
    ...(beyond.elements === undefined ? [] : [{ what: 'more-elements' as const, ...beyond.elements }]),
  ]
}

type UnmappedKind = Extract<AnswerUnmapped, { what: 'kind' }>

function together(known: UnmappedKind | undefined, kind: FeedKind): UnmappedKind {
  const { alarmType, probableCause, specificProblem, severity, elementKind, alarmId, elementId } = kind
  return {
    what: 'kind',
    alarmType,
    probableCause,
    ...(specificProblem === undefined ? {} : { specificProblem }),
    severities: [...new Set([...(known?.severities ?? []), severity])],
    elementKinds: [
      ...new Set([...(known?.elementKinds ?? []), ...(elementKind === undefined ? [] : [elementKind])]),
    ],
    ...(known === undefined ? seenOf(kind) : seenBoth(known, kind)),
    example: known?.example ?? { alarmId, elementId },
  }
}

function seenOf({ count, firstAt, lastAt }: FeedKind) {
  return { count, firstAt, lastAt }
}

/** Of an element that nobody knows a rule for any kind of element may hold: it is the inventory that is to be told. */
function isMapped(kind: FeedKind, impacts: ImpactTable): boolean {
  const { severity } = kind
  const possible = kind.elementKind === undefined ? elementKinds.options : [kind.elementKind]
  return possible.some(
    (each) => impacts.ofAlarm({ data: kind, severity, elementKind: each }).rule !== 'unmapped',
  )
}
