import { nothingToDo, type Decider, type Fact } from './decider.ts'

export type GapFact = Fact<'CoverageGapReported' | 'CoverageGapChanged' | 'CoverageGapClosed'>
export type GapStatus = 'unknown' | 'open' | 'closed'

/** A blind spot or weak-signal area (盲点, 弱信号区): reported, changed, closed; reported again it is open again. */
export const coverageGap: Decider<GapStatus, GapFact> = {
  initialState: 'unknown',
  evolve: (_status, fact) => {
    switch (fact.type) {
      case 'CoverageGapReported':
      case 'CoverageGapChanged':
        return 'open'
      case 'CoverageGapClosed':
        return 'closed'
    }
  },
  decide: (wish, status) => {
    const { gapId } = wish.data
    if (wish.type === 'CoverageGapReported') {
      return status === 'open'
        ? { kind: 'conflict', detail: `Gap ${gapId} is open already; change it instead.` }
        : { kind: 'accepted', facts: [wish] }
    }
    if (status === 'unknown') return { kind: 'unknown', detail: `No gap ${gapId}.` }
    if (wish.type === 'CoverageGapClosed' && status === 'closed') return nothingToDo
    return status === 'closed'
      ? { kind: 'conflict', detail: `Gap ${gapId} is closed; report it again instead.` }
      : { kind: 'accepted', facts: [wish] }
  },
}
