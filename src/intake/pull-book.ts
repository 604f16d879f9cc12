import type { AnswerPull, FeedPull } from '../../schemas/feed-pull.ts'
import { toInstant } from '../../schemas/instant.ts'

/** What pullers told last. It is theirs to tell again, so it lives as long as this process. */
export interface PullBook {
  note(source: string, pull: FeedPull, nowMs: number): void
  /** The last result of each puller of a source, by name. */
  of(source: string): readonly AnswerPull[]
  sources(): readonly string[]
}

/** Pullers that are remembered; the one that told longest ago is forgotten for another. */
const maxPullers = 1_000

export function createPullBook(): PullBook {
  /** By source and puller, the one that told last at the end. */
  const last = new Map<string, { readonly source: string; readonly pull: AnswerPull }>()
  return {
    note(source, pull, nowMs) {
      const at = JSON.stringify([source, pull.puller])
      const before = last.get(at)?.pull.failedInARow ?? 0
      const failedInARow = pull.status === 'failed' ? before + 1 : 0
      last.delete(at)
      last.set(at, { source, pull: { ...pull, reportedAt: toInstant(nowMs), failedInARow } })
      const [oldest] = last.keys()
      if (last.size > maxPullers && oldest !== undefined) last.delete(oldest)
    },
    of: (source) =>
      [...last.values()]
        .filter((entry) => entry.source === source)
        .map(({ pull }) => pull)
        .sort((a, b) => (a.puller < b.puller ? -1 : 1)),
    sources: () => [...new Set([...last.values()].map(({ source }) => source))],
  }
}
