import type { AlarmRaised, PerceivedSeverity } from '../schemas/alarm.ts'
import type { ElementKind } from '../schemas/element.ts'
import { elements } from './element.ts'
import { key, prefix } from './key.ts'
import { projection, table, type Draft, type ProjectedEventOf } from './projection.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'

/** How often something came, and when first and last, by when it happened. */
export interface Seen {
  readonly count: number
  readonly firstAt: string
  readonly lastAt: string
}

/**
 * How often a source raised alarms of one kind on elements of one kind: all that an impact rule goes by. Table `feed-kind`,
 * key: source, and the kind's parts. One small row, since every alarm writes it.
 */
export interface FeedKind
  extends Seen, Pick<AlarmRaised, 'alarmType' | 'probableCause' | 'specificProblem' | 'serviceAffecting'> {
  readonly severity: PerceivedSeverity
  /** Absent where the inventory did not know the element. */
  readonly elementKind?: ElementKind | undefined
  /** The first of it. */
  readonly alarmId: string
  readonly elementId: string
}

/** An element that a source's alarms name and the inventory does not know. Key: source, element id. */
export interface UnknownOfFeed extends Seen {
  readonly elementId: string
  /** The first alarm on it. */
  readonly alarmId: string
}

/** How much of a source is kept, and what came of more than that. Table `feed-kind.sum`, key: source. */
interface Sum {
  readonly kinds: number
  readonly unknown: number
  readonly kindsBeyond?: Seen | undefined
  readonly unknownBeyond?: Seen | undefined
}

const kinds = table<FeedKind>('feed-kind')
const sums = table<Sum>('feed-kind.sum')
const unknowns = table<UnknownOfFeed>('feed-kind.unknown')
/** Which sources name an element that is not known. Key: element id. */
const namedBy = table<{ readonly sources: readonly string[] }>('feed-kind.named-by')

/** Real vocabularies have tens; a feed that writes texts of its own into them must not fill the store. */
export const maxKindsPerSource = 1_000
/** A whole network may be missing: these say so. */
export const maxUnknownPerSource = 1_000

/** What each source raises, by kind, mapped or not (rules change, and what came stays), and where nobody knows the element. */
export const feedKindProjection = projection('feed-kind', 1, {
  AlarmRaised: (event, rows) => {
    const elementKind = rows.get(elements, key(event.data.elementId))?.facts.kind
    countKind(event, elementKind, rows)
    if (elementKind === undefined) countUnknown(event, rows)
  },
  ElementRegistered: ({ data: { elementId } }, rows) => {
    const named = rows.get(namedBy, key(elementId))
    if (named === undefined) return
    rows.put(namedBy, key(elementId), undefined)
    for (const source of named.sources) {
      const sum = sumOf(rows, source)
      rows.put(unknowns, key(source, elementId), undefined)
      rows.put(sums, key(source), { ...sum, unknown: sum.unknown - 1 })
    }
  },
})

function countKind(
  { data, meta, occurredAt }: ProjectedEventOf<'AlarmRaised'>,
  elementKind: ElementKind | undefined,
  rows: Draft,
): void {
  const { alarmType, probableCause, specificProblem, perceivedSeverity: severity, serviceAffecting } = data
  const at = key(
    meta.source,
    probableCause,
    specificProblem ?? '',
    `${alarmType} ${severity} ${serviceAffecting ?? ''} ${elementKind ?? ''}`,
  )
  const known = rows.get(kinds, at)
  if (known !== undefined) {
    rows.put(kinds, at, { ...known, ...seenAgain(known, occurredAt) })
    return
  }
  const sum = sumOf(rows, meta.source)
  if (sum.kinds >= maxKindsPerSource) {
    rows.put(sums, key(meta.source), { ...sum, kindsBeyond: seenAgain(sum.kindsBeyond, occurredAt) })
    return
  }
  rows.put(sums, key(meta.source), { ...sum, kinds: sum.kinds + 1 })
  rows.put(kinds, at, {
    alarmType,
    probableCause,
    specificProblem,
    severity,
    serviceAffecting,
    elementKind,
    alarmId: data.alarmId,
    elementId: data.elementId,
    ...seenAgain(undefined, occurredAt),
  })
}

function countUnknown({ data, meta, occurredAt }: ProjectedEventOf<'AlarmRaised'>, rows: Draft): void {
  const { elementId, alarmId } = data
  const at = key(meta.source, elementId)
  const known = rows.get(unknowns, at)
  if (known !== undefined) {
    rows.put(unknowns, at, { ...known, ...seenAgain(known, occurredAt) })
    return
  }
  const sum = sumOf(rows, meta.source)
  if (sum.unknown >= maxUnknownPerSource) {
    rows.put(sums, key(meta.source), { ...sum, unknownBeyond: seenAgain(sum.unknownBeyond, occurredAt) })
    return
  }
  const sources = rows.get(namedBy, key(elementId))?.sources ?? []
  rows.put(sums, key(meta.source), { ...sum, unknown: sum.unknown + 1 })
  rows.put(namedBy, key(elementId), { sources: [...sources, meta.source] })
  rows.put(unknowns, at, { elementId, alarmId, ...seenAgain(undefined, occurredAt) })
}

function sumOf(rows: Draft, source: string): Sum {
  return rows.get(sums, key(source)) ?? { kinds: 0, unknown: 0 }
}

/** Counted once more. */
function seenAgain(known: Seen | undefined, at: string): Seen {
  if (known === undefined) return { count: 1, firstAt: at, lastAt: at }
  return {
    count: known.count + 1,
    firstAt: at < known.firstAt ? at : known.firstAt,
    lastAt: at > known.lastAt ? at : known.lastAt,
  }
}

/** Both together. */
export function seenBoth(one: Seen, other: Seen): Seen {
  return {
    count: one.count + other.count,
    firstAt: one.firstAt < other.firstAt ? one.firstAt : other.firstAt,
    lastAt: one.lastAt > other.lastAt ? one.lastAt : other.lastAt,
  }
}

/** Every kind that a source raised, at most `maxKindsPerSource`. */
export function kindsOf(rows: Rows, source: string): readonly FeedKind[] {
  return [...eachRow(rows, kinds, prefix(source))]
}

/** The elements that a source's alarms name and nobody knows, at most `maxUnknownPerSource`. */
export function unknownOf(rows: Rows, source: string): readonly UnknownOfFeed[] {
  return [...eachRow(rows, unknowns, prefix(source))]
}

/** What a source raised beyond the kinds and the unknown elements that are kept of it. */
export function beyondOf(
  rows: Rows,
  source: string,
): { readonly kinds?: Seen | undefined; readonly elements?: Seen | undefined } {
  const { kindsBeyond, unknownBeyond } = rowOf(rows, sums, key(source)) ?? {}
  return { kinds: kindsBeyond, elements: unknownBeyond }
}
