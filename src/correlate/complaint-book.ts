import type { Ruleset } from '../../schemas/ruleset.ts'
import RBush from 'rbush'
import { type Box, boxAround } from './geometry.ts'
import type { Complaint } from './model.ts'

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
    if (given === undefined)
      this.points.set(key, (given = { complaints: new Set(), customers: new Map(), spans: new Map() }))
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
