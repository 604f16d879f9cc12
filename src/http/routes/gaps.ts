import { coverageGapChanged, coverageGapClosed, coverageGapReported } from '../../../schemas/coverage-gap.ts'
import type { Event } from '../../../schemas/event.ts'
import { coverageGap, type GapFact } from '../../domain/coverage-gap.ts'
import { fold } from '../../domain/decider.ts'
import { addActRoute, type ActRoute } from '../act-route.ts'
import type { Api } from '../api.ts'
import type { Services } from '../services.ts'
import { without } from '../without.ts'

/** Blind spots and weak-signal areas (盲点, 弱信号区). */
export function gapRoutes(api: Api, services: Services): void {
  const add = (route: Omit<ActRoute, 'tag' | 'judge'>) =>
    addActRoute(api, services, { ...route, tag: 'gaps', judge })
  add({
    path: '/gaps',
    type: 'CoverageGapReported',
    summary: 'Report a place without usable signal',
    fields: coverageGapReported.shape,
  })
  add({
    path: '/gaps/:gapId/change',
    type: 'CoverageGapChanged',
    summary: 'Correct it, or add a reason or a remedy',
    fields: without(coverageGapChanged.shape, 'gapId'),
  })
  add({
    path: '/gaps/:gapId/close',
    type: 'CoverageGapClosed',
    summary: 'There is signal now',
    fields: without(coverageGapClosed.shape, 'gapId'),
  })
}

function judge(history: readonly Event[], event: Event) {
  return coverageGap.decide(event as GapFact, fold(coverageGap, history.filter(isGapFact)))
}

function isGapFact(event: Event): event is Event & GapFact {
  return event.type.startsWith('CoverageGap')
}
