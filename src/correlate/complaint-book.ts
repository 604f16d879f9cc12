import type { Ruleset } from '../../schemas/ruleset.ts'
import RBush from 'rbush'
import { type Box, boxAround, turnsOf } from './geometry.ts'
import { count } from './company-counts.ts'
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
  /** What its complaints were last taken to be; see `isShared`. */
  shared: boolean
}
const spanMs = 6 * 3_600_000

/** The complaints of the window: by id, by customer, and by place in an R-tree. */
export class ComplaintBook {
  readonly byId = new Map<string, Complaint>()
  private readonly byCustomer = new Map<string, Set<Complaint>>()
  private readonly tree = new RBush<PlacedItem>()
  private readonly items = new Map<Complaint, PlacedItem>()
  private readonly points = new Map<string, GivenPoint>()

  add(complaint: Complaint, ruleset: Ruleset): void {
    this.byId.set(complaint.id, complaint)
    addTo(this.byCustomer, complaint.customer, complaint)
    this.place(complaint, ruleset)
  }

  remove(complaint: Complaint): void {
    this.byId.delete(complaint.id)
    const of = this.byCustomer.get(complaint.customer)
    of?.delete(complaint)
    if (of?.size === 0) this.byCustomer.delete(complaint.customer)
    this.unplace(complaint)
  }

  place(complaint: Complaint, ruleset: Ruleset): void {
    const box = searchBox(complaint, ruleset)
    if (complaint.point === undefined || box === undefined) return
    const [minX, minY, maxX, maxY] = box
    const item = { minX, minY, maxX, maxY, complaint }
    this.items.set(complaint, item)
    this.tree.insert(item)
    const key = complaint.point.join()
    let given = this.points.get(key)
    if (given === undefined)
      this.points.set(
        key,
        (given = { complaints: new Set(), customers: new Map(), spans: new Map(), shared: false }),
      )
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

  /** Complaints whose place, with its uncertainty and its tail, meets a box. */
  inBox(box: Box): Set<Complaint> {
    const found = new Set<Complaint>()
    for (const [minX, minY, maxX, maxY] of turnsOf(box))
      for (const { complaint } of this.tree.search({ minX, minY, maxX, maxY })) found.add(complaint)
    return found
  }

  ofCustomer(customer: string): Iterable<Complaint> {
    return this.byCustomer.get(customer) ?? []
  }

  /**
   * Did so many unrelated customers give this point that it must be a default geocode? Customers of one trouble come
   * within hours; a default collects them day after day.
   */
  isShared(
    point: readonly number[] | undefined,
    { sharedCustomers, sharedSpans }: Ruleset['places'],
  ): boolean {
    const given = point === undefined ? undefined : this.points.get(point.join())
    return given !== undefined && given.customers.size >= sharedCustomers && given.spans.size >= sharedSpans
  }

  /** All who gave a point, as of now, where it has become shared or is so no longer; told once. */
  turnedAt(point: readonly number[], places: Ruleset['places']): readonly Complaint[] {
    const given = this.points.get(point.join())
    const shared = this.isShared(point, places)
    if (given === undefined || given.shared === shared) return []
    given.shared = shared
    return [...given.complaints]
  }
}

/** Where what may bear on a complaint is looked for: its place with its uncertainty and the tail of that. */
export function searchBox({ point, uncertaintyMeters }: Complaint, { places }: Ruleset): Box | undefined {
  return point && boxAround(point, uncertaintyMeters * places.tailFactor + edgeMeters)
}
/** Areas fade at their edges. */
const edgeMeters = 200

function addTo(map: Map<string, Set<Complaint>>, key: string, complaint: Complaint): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([complaint]))
  else known.add(complaint)
}
