/** Says which refusals are recorded one by one, so that no flood of them fills the log. */
export interface RefusalBudget {
  /**
   * Whether one of this kind may be recorded now, and how many of its kind before it were not. There must be few kinds, and none
   * that a sender can make up.
   */
  take(
    kind: string,
  ): { readonly kind: 'record'; readonly unrecordedBefore: number } | { readonly kind: 'count' }
  /** What was to be recorded and could not be counts as one that was not. */
  giveBack(kind: string, unrecorded: number): void
}

const minuteMs = 60_000

interface Tally {
  minute: number
  recorded: number
  unrecorded: number
}

export function createRefusalBudget(nowMs: () => number, maxAMinute: number): RefusalBudget {
  const tallies = new Map<string, Tally>()
  return {
    take(kind) {
      const minute = Math.floor(nowMs() / minuteMs)
      const tally = tallies.get(kind) ?? { minute, recorded: 0, unrecorded: 0 }
      tallies.set(kind, tally)
      if (tally.minute !== minute) {
        tally.minute = minute
        tally.recorded = 0
      }
      if (tally.recorded >= maxAMinute) {
        tally.unrecorded += 1
        return { kind: 'count' }
      }
      const unrecordedBefore = tally.unrecorded
      tally.recorded += 1
      tally.unrecorded = 0
      return { kind: 'record', unrecordedBefore }
    },
    giveBack(kind, unrecorded) {
      const tally = tallies.get(kind)
      if (tally !== undefined) tally.unrecorded += unrecorded
    },
  }
}
