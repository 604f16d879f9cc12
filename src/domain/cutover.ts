import { nothingToDo, type Decider, type Decision, type Fact } from './decider.ts'

export type CutoverFact = Fact<
  'CutoverPlanned' | 'CutoverRescheduled' | 'CutoverStarted' | 'CutoverFinished' | 'CutoverCancelled'
>

/** Work that started without having been planned here (its plan came late or never) is `started` too. */
export type CutoverStatus = 'unknown' | 'planned' | 'started' | 'finished' | 'cancelled'

/** Planned work (割接): planned, moved, started, finished or called off. */
export const cutover: Decider<CutoverStatus, CutoverFact> = {
  initialState: 'unknown',
  evolve: (status, fact) => {
    switch (fact.type) {
      case 'CutoverPlanned':
        return status === 'unknown' ? 'planned' : status
      case 'CutoverRescheduled':
        return status === 'started' ? 'started' : 'planned'
      case 'CutoverStarted':
        return 'started'
      case 'CutoverFinished':
        return 'finished'
      case 'CutoverCancelled':
        return 'cancelled'
    }
  },
  decide: (wish, status) => {
    const accepted: Decision<CutoverFact> = { kind: 'accepted', facts: [wish] }
    if (wish.type === 'CutoverPlanned') {
      return status === 'unknown' ? accepted : conflict(wish, `is ${status} already; reschedule it instead`)
    }
    if (status === 'unknown') return { kind: 'unknown', detail: `No cutover ${wish.data.cutoverId}.` }
    switch (wish.type) {
      case 'CutoverRescheduled':
        return isOver(status) ? conflict(wish, `is ${status}; plan another`) : accepted
      case 'CutoverStarted':
        if (status === 'started') return nothingToDo
        return isOver(status) ? conflict(wish, `is ${status}`) : accepted
      case 'CutoverFinished':
        if (status === 'finished') return nothingToDo
        return status === 'cancelled' ? conflict(wish, 'is cancelled') : accepted
      case 'CutoverCancelled':
        if (status === 'cancelled') return nothingToDo
        return status === 'finished' ? conflict(wish, 'is finished') : accepted
    }
  },
}

function isOver(status: CutoverStatus): boolean {
  return status === 'finished' || status === 'cancelled'
}

function conflict(wish: CutoverFact, why: string): Decision<CutoverFact> {
  return { kind: 'conflict', detail: `Cutover ${wish.data.cutoverId} ${why}.` }
}
