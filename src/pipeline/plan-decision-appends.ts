import type { Decision } from '../correlate/engine.ts'

/** An input with what the engine decided on it. */
export interface Decided {
  readonly inputId: string
  readonly decisions: readonly Decision[]
}

/**
 * Divides the decisions of consecutive inputs into appends, and names in each decision the last input that its append
 * covers: a fold takes every input up to there as decided. Where one input's decisions need several appends, all but the
 * last cover only what lay before it (`coveredBefore` at the very start), so that a crash in between loses none of them.
 */
export function planDecisionAppends(
  slice: readonly Decided[],
  coveredBefore: string | undefined,
  maxPerAppend: number,
): readonly (readonly Decision[])[] {
  const appends: Decision[][] = []
  let open: Decision[] = []
  let covered = coveredBefore
  const close = (covers: string | undefined) => {
    if (open.length > 0) appends.push(open.map((event) => withCovers(event, covers)))
    open = []
  }
  for (const { inputId, decisions } of slice) {
    if (open.length + decisions.length > maxPerAppend) close(covered)
    for (const decision of decisions) {
      if (open.length === maxPerAppend) close(covered)
      open.push(decision)
    }
    covered = inputId
  }
  close(covered)
  return appends
}

function withCovers(event: Decision, covers: string | undefined): Decision {
  return covers === undefined ? event : { ...event, meta: { ...event.meta, covers } }
}
