import type { CauseAttributed, CauseRef, ChainLink } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { CoverageGapReported } from '../../schemas/coverage-gap.ts'
import type { ElementLink, ElementRegistered } from '../../schemas/element.ts'
import type { Area } from '../../schemas/geo.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Service, Symptom } from '../../schemas/service.ts'
import { Company } from './company-counts.ts'
import { Timer } from './deadlines.ts'
import type { Impact } from './impact.ts'
import { laterStated, type StatedEnd } from './stated-end.ts'

// The three things that the engine knows, elements, causes and complaints, point at each other; so they stand together.

export type Relation = ElementLink['relation']

/** How a failure travels down to an element: along the display tree or a feed, from its power, or around a ring. */
export type Through = 'upstream' | 'power' | 'ring'

/** One element and what hangs on it. A class, so that all nodes share one shape. */
export class ElementNode {
  readonly id: string
  /** Left out where the element is only named by others, or was retired. */
  element: ElementRegistered | undefined = undefined
  parent: ElementNode | undefined = undefined
  readonly children = new Set<ElementNode>()
  readonly suppliers = new Map<ElementNode, Relation>()
  readonly clients = new Set<ElementNode>()
  readonly ringNeighbours = new Set<ElementNode>()
  /** Causes that lie on this element, earliest first; kept by the cause book. */
  readonly causes: Cause[] = []
  /** For each of them the latest end so far, its own or of one before: what ended long ago is passed over by it. */
  readonly latestEndsMs: number[] = []
  /** Grows with every change of a cause that lies on this element; kept by the cause book. */
  causesVersion = 0
  /** Complaints whose place this element serves, kept by the complaint book. */
  readonly complaints = new Set<Complaint>()
  /** Elements at or below this one that failed just now; see `storm.ts`. */
  readonly unfolding = { failed: new Set<ElementNode>(), lastMs: -Infinity }
  /** Caches of this class's owner, valid for one version of the graph. */
  cachedVersion = -1
  cachedUpstream: readonly Upstream[] = []
  cachedDependents: readonly ElementNode[] = []

  constructor(id: string) {
    this.id = id
  }
}

/** From here on the element's causes may have lasted until a moment; all before were over by then. */
export function firstLasting({ latestEndsMs }: ElementNode, ms: number): number {
  let [from, to] = [0, latestEndsMs.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((latestEndsMs[middle] ?? 0) < ms) from = middle + 1
    else to = middle
  }
  return from
}

/** An element that another one depends on, and how; nearest first. */
export interface Upstream {
  readonly node: ElementNode
  readonly through: Through
}

/** An element that serves a place, and the share of the customers there that it serves (0 to 1). */
export interface Hit {
  readonly node: ElementNode
  readonly share: number
  readonly meters: number
}

/** One step up a chain: `cause` explains the one before. */
export interface Step {
  readonly relation: ChainLink['relation']
  readonly cause: Cause
}

/**
 * One thing that can explain complaints: an episode of an alarm, a cutover, a coverage gap, an advisory that declares an
 * outage. A class, so that all causes share one shape. The books keep the facts up to date; nothing here is an opinion.
 */
export class Cause {
  /** What lies behind it, as of one version of the facts around it; see `roots.ts`. */
  step: Step | undefined = undefined
  stepVersion = -1
  readonly kind: CauseRef['kind']
  readonly id: string
  /** `kind:id`, unique over all kinds. */
  readonly key: string
  /** The elements that it lies on; none for what stands alone on the map. */
  nodes: readonly ElementNode[] = []
  area: Area | undefined = undefined
  /** As stated by people; whose an element's failure is, the elements that serve a place say. */
  network: string | undefined = undefined
  services: readonly Service[] | undefined = undefined
  startMs = 0
  /** Infinity while it lasts. */
  endMs = Infinity
  /** Someone said that it is over; otherwise the end is only planned or assumed. */
  endKnown = false
  /** Nothing has confirmed an open alarm since this moment. */
  confirmedMs = 0
  /** When it should be over, as planned or published, and as estimated by people since. */
  plannedEnd: StatedEnd | undefined = undefined
  estimatedEnd: StatedEnd | undefined = undefined
  impact: Impact
  severityNats = 0
  /** For agents and operations. */
  title = ''
  /** Gaps only: where it is felt. */
  settingOnly: CoverageGapReported['setting'] = undefined
  /** A name that people gave it; a customer may know it. */
  spoken: string | undefined = undefined
  /** The complaints that fit it; see `company.ts`. */
  readonly company = new Company<Complaint>()
  /** Many complain of it; see `crowd-book.ts`. */
  hasCrowd = false
  /** Sites that it reaches, for the complaints to be expected without it. */
  sites = 1
  /** What people said of it on complaints, by complaint: confirmed 1, rejected -1. */
  readonly verdicts = new Map<string, 1 | -1>()
  /** What people said of it on its outage, and have not taken back: confirmed true, rejected false; by event id. */
  rulings: Map<string, boolean> | undefined = undefined
  /** The last of those words; it binds all complaints. */
  ruling: 'confirmed' | 'rejected' | undefined = undefined
  /** What the log last said of its root: the root's key. */
  loggedRoot: string | undefined = undefined
  /** The logged outage of which it is the root. */
  outageId: string | undefined = undefined
  /** The outage that it had until that became part of another, or was rejected: should it stand alone again, it is that one. */
  formerOutageId: string | undefined = undefined
  /** The outage that it was last taken for a part of. */
  partOf: string | undefined = undefined
  /** Alarms that hang on this one, as logged. */
  readonly consequences = new Set<Cause>()
  /** When its root is looked for again. */
  readonly correlation: Timer
  /** When its end has held for the dwell. */
  readonly over: Timer
  /** What complaints near it were last weighed against; see `concern.ts`. */
  weighed: Bearing | undefined = undefined
  /** What others last took it to span, to see whom a change concerns; see `touch.ts`. */
  seen: Span | undefined = undefined
  retired = false

  constructor(kind: CauseRef['kind'], id: string, impact: Impact) {
    this.kind = kind
    this.id = id
    this.key = causeKey(kind, id)
    this.impact = impact
    this.correlation = new Timer('correlate', this.key)
    this.over = new Timer('cause-over', this.key)
  }

  /** The end that may be read out: of plan and estimate the one stated later. */
  get expectedEndMs(): number | undefined {
    return laterStated(this.plannedEnd, this.estimatedEnd)?.endMs
  }
}

/** What of a cause judgements rest on, as of one moment. */
export interface Bearing {
  readonly startMs: number
  readonly endMs: number
  readonly confirmedMs: number
  readonly impact: Impact
  readonly severityNats: number
  readonly services: readonly Service[] | undefined
  readonly sites: number
}

/** Between these moments a cause may be what lies behind another that starts then. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
  readonly effect: Impact['effect']
}

/** A person's word on a complaint's cause. */
export interface Verdict {
  readonly complaintId: string
  readonly causeKey: string
  readonly confirmed: boolean
}

/** The last logged answer, as far as the next one is compared with it. */
export interface LoggedAnswer {
  readonly eventId: string
  readonly verdict: CauseAttributed['verdict']
  /** Keys of the causes named. */
  readonly direct: string | undefined
  readonly root: string | undefined
  readonly state: CauseAttributed['state']
  readonly band: CauseAttributed['band']
  readonly disputed: boolean
  readonly probability: number
  readonly outageId: string | undefined
}

/** A complaint in the engine's window. A class, so that all share one shape. */
export class Complaint {
  readonly id: string
  facts: ComplaintReceived
  /** Who counts as one customer: the reference, or the complaint itself where it is unknown. */
  customer: string
  symptom: Symptom | undefined = undefined
  family: string | undefined = undefined
  fromMs = 0
  uncertaintyMs = 0
  timeStated = false
  reportedMs = 0
  point: [number, number] | undefined = undefined
  uncertaintyMeters = 0
  /** How thickly customers stand there; see `hits.ts`. */
  density = 0
  /** Its point is used by so many unrelated customers that it says little. */
  shared = false
  /** Arrived too late to weigh for others, or withdrawn. */
  aside = false
  tooLate = false
  withdrawn = false
  servedBy: ElementNode | undefined = undefined
  hits: readonly Hit[] = []
  /** Causes in whose company it is counted. */
  readonly counted = new Set<Cause>()
  answer: LoggedAnswer | undefined = undefined
  repeatOf: string | undefined = undefined
  /** What people said of its causes and have not taken back, by event id, in the order in which they said it. */
  readonly verdicts = new Map<string, Verdict>()
  /** When it is weighed again. */
  readonly timer: Timer
  firstTouchedMs = 0
  /** It waits for what crowds do, and for nothing else. */
  isPatient = false

  constructor(facts: ComplaintReceived, ruleset: Ruleset) {
    this.id = facts.complaintId
    this.timer = new Timer('complaint', facts.complaintId)
    this.facts = facts
    this.customer = facts.customerRef ?? `complaint:${facts.complaintId}`
    this.take(facts, ruleset)
  }

  /** Derives what weighing needs from the facts. */
  take(facts: ComplaintReceived, { times, places, symptomFamilies }: Ruleset): void {
    this.facts = facts
    this.symptom = facts.symptom
    this.family = familyOf(symptomFamilies, facts.symptom)
    this.reportedMs = toMs(facts.reportedAt)
    const { from, to, uncertaintyMs } = facts.trouble
    const stated = from ?? to
    this.timeStated = stated !== undefined
    // Unstated, it began somewhere in the span before the report: the middle of it, give or take a half.
    const halfSpanMs = Math.round(times.unstatedTroubleMs / 2)
    this.fromMs = stated === undefined ? this.reportedMs - halfSpanMs : toMs(stated)
    this.uncertaintyMs = stated === undefined ? halfSpanMs : (uncertaintyMs ?? times.troubleUncertaintyMs)
    const place = facts.place
    this.point = place?.location.point
    this.uncertaintyMeters = Math.min(
      places.maxUncertaintyMeters,
      place === undefined ? 0 : (place.uncertaintyMeters ?? places.uncertaintyMeters[place.source]),
    )
    if (this.shared) this.uncertaintyMeters = Math.max(this.uncertaintyMeters, places.sharedUncertaintyMeters)
  }
}

export function familyOf(
  families: Ruleset['symptomFamilies'],
  symptom: Symptom | undefined,
): string | undefined {
  if (symptom === undefined) return undefined
  return Object.entries(families).find(([, symptoms]) => symptoms.includes(symptom))?.[0]
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

/** Earliest first, ties by key. */
export function byStart(a: Cause, b: Cause): number {
  return a.startMs - b.startMs || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
}

/** A cell's site; any other element is its own. */
export function siteOf(node: ElementNode): ElementNode {
  return node.element?.kind === 'cell' ? (node.parent ?? node) : node
}
