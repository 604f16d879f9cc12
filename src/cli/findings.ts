import type { CauseAttributed } from '../../schemas/attribution.ts'
import type { Event } from '../../schemas/event.ts'

/** What is said of a complaint at last. */
export interface Answer {
  readonly verdict: CauseAttributed['verdict']
  /** `kind/id` of the root cause. */
  readonly root?: string | undefined
  readonly band: string
  readonly probability: number
}

/** What a set of decisions comes to. */
export interface Findings {
  readonly complaints: number
  readonly byVerdict: Readonly<Record<string, number>>
  /** Explained complaints, by the kind of the root cause. */
  readonly byRootKind: Readonly<Record<string, number>>
  readonly revisedAnswers: number
  readonly outages: { readonly opened: number; readonly ended: number }
  readonly clusters: { readonly opened: number; readonly merged: number; readonly closed: number }
}

export interface FindingsFold {
  take(event: Event): void
  /** The last answer to each complaint, by its id. */
  readonly answers: ReadonlyMap<string, Answer>
  report(): Findings
}

/** Counts inputs and decisions as they come. */
export function findingsFold(): FindingsFold {
  const answers = new Map<string, Answer>()
  const counts = new Map<Event['type'], number>()
  let revisedAnswers = 0
  const of = (type: Event['type']) => counts.get(type) ?? 0
  return {
    answers,
    take(event) {
      counts.set(event.type, of(event.type) + 1)
      if (event.type !== 'CauseAttributed') return
      if (event.data.supersedes !== undefined) revisedAnswers += 1
      answers.set(event.data.complaintId, answerOf(event.data))
    },
    report: () => ({
      complaints: of('ComplaintReceived'),
      byVerdict: countBy(answers.values(), ({ verdict }) => verdict),
      byRootKind: countBy(answers.values(), ({ root }) => root?.split('/')[0]),
      revisedAnswers,
      outages: { opened: of('OutageOpened'), ended: of('OutageEnded') },
      clusters: { opened: of('ClusterOpened'), merged: of('ClustersMerged'), closed: of('ClusterClosed') },
    }),
  }
}

export interface AnswerDifference {
  readonly complaintId: string
  /** Absent where there was no answer. */
  readonly logged?: Answer | undefined
  readonly derived?: Answer | undefined
}

/** Complaints of which something else is said: another verdict, another root or another band. */
export function differingAnswers(
  logged: ReadonlyMap<string, Answer>,
  derived: ReadonlyMap<string, Answer>,
): readonly AnswerDifference[] {
  return [...new Set([...logged.keys(), ...derived.keys()])]
    .map((complaintId) => ({
      complaintId,
      logged: logged.get(complaintId),
      derived: derived.get(complaintId),
    }))
    .filter(
      ({ logged: a, derived: b }) => a?.verdict !== b?.verdict || a?.root !== b?.root || a?.band !== b?.band,
    )
}

function answerOf({ verdict, root, band, probability }: CauseAttributed): Answer {
  return { verdict, root: root === undefined ? undefined : `${root.kind}/${root.id}`, band, probability }
}

function countBy<T>(
  items: Iterable<T>,
  nameOf: (item: T) => string | undefined,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const item of items) {
    const name = nameOf(item)
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
