import { nothingToDo, type Decider, type Fact } from './decider.ts'

export type AdvisoryFact = Fact<'AdvisoryPublished' | 'AdvisoryWithdrawn'>
export type AdvisoryStatus = 'unknown' | 'published' | 'withdrawn'

/** Hand-published information (网维信息). Each id is published once and withdrawn once. */
export const advisory: Decider<AdvisoryStatus, AdvisoryFact> = {
  initialState: 'unknown',
  evolve: (_status, fact) => (fact.type === 'AdvisoryPublished' ? 'published' : 'withdrawn'),
  decide: (wish, status) => {
    const { advisoryId } = wish.data
    if (wish.type === 'AdvisoryPublished') {
      return status === 'unknown'
        ? { kind: 'accepted', facts: [wish] }
        : {
            kind: 'conflict',
            detail: `Advisory ${advisoryId} is ${status} already; publish under another id.`,
          }
    }
    if (status === 'unknown') return { kind: 'unknown', detail: `No advisory ${advisoryId}.` }
    return status === 'withdrawn' ? nothingToDo : { kind: 'accepted', facts: [wish] }
  },
}
