import type { CauseRef } from '../../schemas/attribution.ts'
import type { Area } from '../../schemas/geo.ts'
import type { Service } from '../../schemas/service.ts'
import type { Complaint } from './complaint-book.ts'
import type { Impact } from './impact.ts'
import type { ElementNode } from './topology.ts'

/**
 * One thing that can explain complaints: an episode of an alarm, a cutover, a coverage gap, an advisory that declares an
 * outage. A class, so that all causes share one shape. The books keep the facts up to date; nothing here is an opinion.
 */
export class Cause {
  readonly kind: CauseRef['kind']
  readonly id: string
  /** `kind:id`, unique over all kinds. */
  readonly key: string
  /** The elements that it lies on; none for what stands alone on the map. */
  nodes: readonly ElementNode[] = []
  area: Area | undefined = undefined
  network: string | undefined = undefined
  services: readonly Service[] | undefined = undefined
  startMs = 0
  /** Infinity while it lasts. */
  endMs = Infinity
  /** Someone said that it is over; otherwise the end is only planned or assumed. */
  endKnown = false
  /** Nothing has confirmed an open alarm since this moment. */
  confirmedMs = 0
  expectedEndMs: number | undefined = undefined
  impact: Impact
  severityNats = 0
  /** For agents and operations. */
  title = ''
  /** A name for the place that a customer would know, zh and en. */
  spoken: { readonly zh: string; readonly en: string } | undefined = undefined
  /** Distinct customers whose complaints fit, each with how many of theirs do. */
  readonly company = new Map<string, number>()
  /** Sites that it reaches, for the complaints to be expected without it. */
  sites = 1
  /** People's confirmations less rejections on complaints. */
  feedback = 0
  /** Complaints whose current attribution names it as direct cause or root. */
  readonly attributed = new Set<Complaint>()
  /** What the log last said of its root: the root's key. */
  loggedRoot: string | undefined = undefined
  /** The logged outage of which it is the root. */
  outageId: string | undefined = undefined
  /** Alarms that hang on this one, as logged. */
  readonly consequences = new Set<Cause>()
  retired = false

  constructor(kind: CauseRef['kind'], id: string, impact: Impact) {
    this.kind = kind
    this.id = id
    this.key = causeKey(kind, id)
    this.impact = impact
  }
}

export function causeKey(kind: CauseRef['kind'], id: string): string {
  return `${kind}:${id}`
}

export function refOf(cause: Cause): CauseRef {
  return { kind: cause.kind, id: cause.id }
}

/** Do the two hold at a common moment, give or take a slack? */
export function overlaps(a: Cause, b: Cause, slackMs: number): boolean {
  return a.startMs <= b.endMs + slackMs && b.startMs <= a.endMs + slackMs
}
