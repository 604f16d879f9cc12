import type { Decision } from '../correlate/engine.ts'
import { jsonBytes } from '../event-log/json-bytes.ts'

/** An input with what the engine decided on it. */
export interface Decided {
  readonly inputId: string
  readonly decisions: readonly Decision[]
}

/** What one append may hold. */
export interface AppendRoom {
  readonly maxEvents: number
  /** As JSON; left out where the log has no such limit, and then nothing is measured. */
  readonly maxBytes?: number | undefined
}

/** What `covers` and `closes` add to a decision. */
const coversBytes = 140

/**
 * Divides the decisions of consecutive inputs into appends, and names in each decision the last input that its append
 * covers: a fold takes every input up to there as decided. Where one input's decisions need several appends, all but the
 * last cover only what lay before it (`coveredBefore` at the very start), so that a crash in between loses none of them.
 */
export function planDecisionAppends(
  slice: readonly Decided[],
  coveredBefore: string | undefined,
  { maxEvents, maxBytes = Number.POSITIVE_INFINITY }: AppendRoom,
): readonly (readonly Decision[])[] {
  const sizeOf = (decision: Decision) =>
    maxBytes === Number.POSITIVE_INFINITY ? 0 : jsonBytes(decision) + coversBytes
  const appends: Decision[][] = []
  let open: Decision[] = []
  let openBytes = 0
  let covered = coveredBefore
  const close = (covers: string | undefined) => {
    const last = open.length - 1
    if (open.length > 0) appends.push(open.map((event, at) => withCovers(event, covers, at === last)))
    open = []
    openBytes = 0
  }
  for (const { inputId, decisions } of slice) {
    const sizes = decisions.map(sizeOf)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    if (open.length + decisions.length > maxEvents || openBytes + bytes > maxBytes) close(covered)
    decisions.forEach((decision, at) => {
      const size = sizes[at] ?? 0
      if (open.length === maxEvents || openBytes + size > maxBytes) close(covered)
      open.push(decision)
      openBytes += size
    })
    covered = inputId
  }
  close(covered)
  return appends
}

function withCovers(event: Decision, covers: string | undefined, closes: boolean): Decision {
  const batch = { ...(covers === undefined ? {} : { covers }), ...(closes ? { closes } : {}) }
  return { ...event, meta: { ...event.meta, ...batch } }
}
