import RBush from 'rbush'
import type { CauseAttributed } from '../../schemas/attribution.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { Symptom } from '../../schemas/service.ts'
import type { Cause } from './cause.ts'
import { type Box, boxAround } from './geometry.ts'
import type { Hit } from './serving-index.ts'
import type { ElementNode } from './topology.ts'

/** The last logged answer, as far as the next one is compared with it. */
export interface LoggedAnswer {
  readonly eventId: string
  readonly verdict: CauseAttributed['verdict']
  readonly root: string | undefined
  readonly state: CauseAttributed['state']
  readonly band: CauseAttributed['band']
  readonly disputed: boolean
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
  /** The causes that its current answer rests on. */
  attributedTo: readonly Cause[] = []
  repeatOf: string | undefined = undefined
  /** A person's confirmation, by cause key. */
  confirmed: string | undefined = undefined
  readonly rejected = new Set<string>()
  /** When it is weighed again; Infinity where nothing touched it. */
  dueMs = Infinity
  firstTouchedMs = 0

  constructor(facts: ComplaintReceived, ruleset: Ruleset) {
    this.id = facts.complaintId
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
    this.fromMs = stated === undefined ? this.reportedMs - times.unstatedTroubleMs / 2 : toMs(stated)
    this.uncertaintyMs = stated === undefined ? times.unstatedTroubleMs / 2 : (uncertaintyMs ?? times.troubleUncertaintyMs)
    const place = facts.place
    this.point = place?.location.point
    this.uncertaintyMeters = Math.min(
      places.maxUncertaintyMeters,
      place === undefined ? 0 : (place.uncertaintyMeters ?? places.uncertaintyMeters[place.source]),
    )
    if (this.shared) this.uncertaintyMeters = Math.max(this.uncertaintyMeters, places.sharedUncertaintyMeters)
  }
}

export function familyOf(families: Ruleset['symptomFamilies'], symptom: Symptom | undefined): string | undefined {
  if (symptom === undefined) return undefined
  return Object.entries(families).find(([, symptoms]) => symptoms.includes(symptom))?.[0]
}

interface PlacedItem {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  readonly complaint: Complaint
}

/** What was given as exactly this point: by whom, and in which six-hour spans. */
interface GivenPoint {
  readonly complaints: Set<Complaint>
  readonly customers: Map<string, number>
  readonly spans: Map<number, number>
}
const spanMs = 6 * 3_600_000

/** The complaints of the window: by id, by customer, and by place in an R-tree. */
export class ComplaintBook {
  readonly byId = new Map<string, Complaint>()
  private readonly byCustomer = new Map<string, Set<Complaint>>()
  private readonly tree = new RBush<PlacedItem>()
  private readonly items = new Map<Complaint, PlacedItem>()
  private readonly points = new Map<string, GivenPoint>()

  add(complaint: Complaint): void {
    this.byId.set(complaint.id, complaint)
    addTo(this.byCustomer, complaint.customer, complaint)
    this.place(complaint)
  }

  remove(complaint: Complaint): void {
    this.byId.delete(complaint.id)
    const of = this.byCustomer.get(complaint.customer)
    of?.delete(complaint)
    if (of?.size === 0) this.byCustomer.delete(complaint.customer)
    this.unplace(complaint)
  }

  place(complaint: Complaint): void {
    if (complaint.point === undefined) return
    const [minX, minY, maxX, maxY] = boxAround(complaint.point, complaint.uncertaintyMeters)
    const item = { minX, minY, maxX, maxY, complaint }
    this.items.set(complaint, item)
    this.tree.insert(item)
    const key = complaint.point.join()
    let given = this.points.get(key)
    if (given === undefined) this.points.set(key, (given = { complaints: new Set(), customers: new Map(), spans: new Map() }))
    given.complaints.add(complaint)
    count(given.customers, complaint.customer, 1)
    count(given.spans, Math.floor(complaint.fromMs / spanMs), 1)
  }

  /** Call before the complaint's facts change; `place` puts it back. */
  unplace(complaint: Complaint): void {
    const item = this.items.get(complaint)
    if (item === undefined) return
    this.items.delete(complaint)
    this.tree.remove(item)
    const key = complaint.point?.join() ?? ''
    const given = this.points.get(key)
    if (given === undefined) return
    given.complaints.delete(complaint)
    count(given.customers, complaint.customer, -1)
    count(given.spans, Math.floor(complaint.fromMs / spanMs), -1)
    if (given.complaints.size === 0) this.points.delete(key)
  }

  inBox([minX, minY, maxX, maxY]: Box): Complaint[] {
    return this.tree.search({ minX, minY, maxX, maxY }).map(({ complaint }) => complaint)
  }

  ofCustomer(customer: string): Iterable<Complaint> {
    return this.byCustomer.get(customer) ?? []
  }

  /** Complaints at exactly the same point. */
  atPointOf(complaint: Complaint): ReadonlySet<Complaint> {
    return this.givenPoint(complaint)?.complaints ?? none
  }

  /**
   * Did so many unrelated customers give this point that it must be a default geocode? Customers of one trouble come
   * within hours; a default collects them day after day.
   */
  isShared(complaint: Complaint, { sharedCustomers, sharedSpans }: Ruleset['places']): boolean {
    const given = this.givenPoint(complaint)
    return given !== undefined && given.customers.size >= sharedCustomers && given.spans.size >= sharedSpans
  }

  private givenPoint(complaint: Complaint): GivenPoint | undefined {
    return complaint.point === undefined ? undefined : this.points.get(complaint.point.join())
  }
}

const none: ReadonlySet<Complaint> = new Set()

function addTo(map: Map<string, Set<Complaint>>, key: string, complaint: Complaint): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([complaint]))
  else known.add(complaint)
}

function count<Key>(counts: Map<Key, number>, key: Key, step: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + step
  if (next === 0) counts.delete(key)
  else counts.set(key, next)
}
