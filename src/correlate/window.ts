import type { EventOf } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { AlarmBook, type CauseChange } from './alarm-book.ts'
import { candidateOf, candidatesFor } from './candidates.ts'
import { type Cause, overlaps } from './model.ts'
import { CauseBook } from './cause-book.ts'
import { isCompany, join, leave } from './company.ts'
import { Complaint } from './model.ts'
import { ComplaintBook } from './complaint-book.ts'
import { Deadlines } from './deadlines.ts'
import type { ClusterChange } from './clusters/cluster-change.ts'
import type { PlacedComplaint } from './clusters/cluster-params.ts'
import { createIncrementalClusters, type IncrementalClusters } from './clusters/incremental-clusters.ts'
import { boxOfArea } from './geometry.ts'
import { createImpactTable } from './impact.ts'
import { type Outage, OutageBook } from './outage-book.ts'
import { PublishedBook } from './published-book.ts'
import { networkOf, ServingIndex } from './serving-index.ts'
import { noteFailure, storming } from './storm.ts'
import { type ElementNode } from './model.ts'
import { Topology } from './topology.ts'
import type { World } from './world.ts'

type InventoryEvent = EventOf<
  'ElementRegistered' | 'ElementChanged' | 'ElementRetired' | 'ElementLinked' | 'ElementUnlinked'
>

/** Slacks by which a complaint may precede a cause and still be weighed against it; see `candidates.ts`. */
const touchSlacks = 4

/**
 * The facts of the engine's window, and who has to be weighed again because of them. Facts are folded here and nowhere
 * else, in the same way live, on restart and in a replay; deciding only reads it.
 */
export class Window implements World {
  ruleset: Ruleset
  readonly topology = new Topology()
  readonly causes = new CauseBook()
  readonly complaints = new ComplaintBook()
  readonly deadlines = new Deadlines()
  readonly serving: ServingIndex
  readonly alarms: AlarmBook
  readonly published: PublishedBook
  readonly outages: OutageBook
  clusters: IncrementalClusters
  /** What clustering did and nobody has logged yet. */
  readonly clusterChanges: ClusterChange[] = []
  /** How often a complaint has been weighed, from the first on: what a storm costs. */
  weighings = 0
  /** Engine time: the running maximum of `recordedAt`. */
  nowMs = 0
  /** Complaints in order of arrival, to be forgotten at the end of the window. */
  private readonly arrivals: { readonly complaint: Complaint; readonly ms: number }[] = []
  private arrivalsFrom = 0

  constructor(ruleset: Ruleset) {
    this.ruleset = ruleset
    const impacts = createImpactTable(ruleset)
    this.serving = new ServingIndex(ruleset)
    this.alarms = new AlarmBook(this.topology, this.causes, ruleset, impacts)
    this.published = new PublishedBook(this.topology, this.causes, ruleset, impacts)
    this.outages = new OutageBook(this.causes)
    this.clusters = createIncrementalClusters({ ...ruleset.clusters, latenessMs: ruleset.times.latenessMs })
  }

  /** An element or link has changed: its coverage, what it depends on, what hangs on it. */
  takeInventory(event: InventoryEvent): void {
    const node = this.changeTopology(event)
    if (node === undefined) return
    this.serving.touch(node)
    for (const change of this.alarms.elementKnown(node, this.nowMs)) this.touchCause(change)
    for (const below of this.topology.dependentsOf(node)) {
      for (const cause of below.causes) this.touchCause({ cause, fromMs: cause.startMs })
      for (const complaint of below.complaints) this.touchComplaint(complaint)
    }
  }

  takeAlarm(event: EventOf<'AlarmRaised' | 'AlarmChanged' | 'AlarmCleared'>): void {
    const changes = this.alarms.take(event, this.nowMs)
    for (const change of changes) this.touchCause(change, this.isTooLate(toMs(event.occurredAt)))
  }

  takePublished(event: Parameters<PublishedBook['take']>[0]): void {
    for (const change of this.published.take(event)) this.touchCause(change)
  }

  /** Takes a new complaint in; it is company from here on, and may change what others weigh. */
  takeComplaint(event: EventOf<'ComplaintReceived'>): Complaint {
    const complaint = new Complaint(event.data, this.ruleset)
    complaint.tooLate = this.isTooLate(complaint.fromMs)
    complaint.repeatOf = this.earlierOf(complaint)
    this.complaints.add(complaint)
    this.arrivals.push({ complaint, ms: this.nowMs })
    this.admit(complaint)
    const placed = this.placedFor(complaint)
    if (placed !== undefined) this.noteClusters(this.clusters.insert(placed))
    return complaint
  }

  amendComplaint({ complaintId, set, unset }: EventOf<'ComplaintAmended'>['data']): Complaint | undefined {
    const complaint = this.complaints.byId.get(complaintId)
    if (complaint === undefined || complaint.withdrawn) return undefined
    const facts = { ...complaint.facts, ...set } as Complaint['facts']
    for (const field of unset ?? []) delete facts[field]
    this.dismiss(complaint)
    complaint.take(facts, this.ruleset)
    complaint.tooLate = this.isTooLate(complaint.fromMs)
    this.complaints.place(complaint)
    this.admit(complaint)
    this.recluster(complaint)
    return complaint
  }

  withdrawComplaint(complaintId: string): Complaint | undefined {
    const complaint = this.complaints.byId.get(complaintId)
    if (complaint === undefined) return undefined
    this.dismiss(complaint)
    complaint.withdrawn = true
    complaint.aside = true
    this.recluster(complaint)
    return complaint
  }

  /** Takes in changed inventory: complaints near it meet other elements now. */
  settleServing(): void {
    const boxes = this.serving.settle()
    const affected =
      boxes === 'all'
        ? new Set(this.complaints.byId.values())
        : new Set(boxes.flatMap((box) => this.complaints.inBox(box)))
    for (const complaint of affected) {
      if (complaint.aside) continue
      this.unhang(complaint)
      this.hang(complaint)
      this.touchComplaint(complaint)
    }
  }

  /** Complaints that a cause may bear on, by place. */
  complaintsNear(cause: Cause): Set<Complaint> {
    const near = new Set<Complaint>()
    for (const node of this.reachOf(cause)) for (const complaint of node.complaints) near.add(complaint)
    if (cause.area !== undefined)
      for (const complaint of this.complaints.inBox(boxOfArea(cause.area)))
        if (!complaint.aside) near.add(complaint)
    return near
  }

  /**
   * A cause is new, changed or gone: count its company anew, and have weighed again what it may bear on (complaints,
   * alarms that hang on it, its outage).
   */
  touchCause({ cause, fromMs }: CauseChange, tooLate = false): void {
    this.settleServing()
    const reach = this.reachOf(cause)
    if (cause.kind !== 'gap' && cause.network === undefined && cause.nodes[0] !== undefined)
      cause.network = networkOf(cause.nodes[0]) || undefined
    cause.sites = Math.max(1, reach.filter((node) => this.serving.serves(node)).length)
    this.recount(cause)
    const times = this.ruleset.times
    if (cause.endMs !== Infinity && cause.kind !== 'gap')
      this.deadlines.set('cause-over', cause.key, Math.max(cause.endMs + times.dwellMs, this.nowMs))
    if (cause.impact.effect === 'down' && cause.kind === 'alarm' && cause.endMs === Infinity)
      noteFailure(cause, this.nowMs, this.topology, times)
    this.touchOutagesOf(cause)
    if (tooLate) return
    const sinceMs = fromMs - touchSlacks * times.onsetSlackMs
    for (const complaint of this.complaintsNear(cause))
      if (complaint.fromMs + complaint.uncertaintyMs >= sinceMs) this.touchComplaint(complaint)
    this.correlateLater(cause)
    for (const node of reach)
      for (const other of node.causes)
        if (other !== cause && other.kind === 'alarm' && overlaps(other, cause, times.rootSlackMs))
          this.correlateLater(other)
  }

  /** A cause's end has held for the dwell: those near it may be told. */
  causeOver(cause: Cause): void {
    this.touchOutagesOf(cause)
    for (const complaint of this.complaintsNear(cause))
      if (complaint.fromMs + complaint.uncertaintyMs >= cause.startMs) this.touchComplaint(complaint)
  }

  /** Finds what serves a complaint's place, without taking it in. */
  lookAt(complaint: Complaint): void {
    this.settleServing()
    const given = this.complaints.isShared(complaint, this.ruleset.places)
    if (given) {
      complaint.shared = true
      complaint.take(complaint.facts, this.ruleset)
    }
    complaint.repeatOf = this.earlierOf(complaint)
    complaint.tooLate = this.isTooLate(complaint.fromMs)
    this.look(complaint)
  }

  sizes(): Record<string, number> {
    return {
      elements: this.topology.nodes.size,
      servingElements: this.serving.size,
      alarms: this.alarms.size,
      causes: this.causes.byKey.size,
      complaints: this.complaints.byId.size,
      outages: this.outages.byId.size,
      clusters: this.clusters.sizes().openClusters,
      deadlines: this.deadlines.size,
      weighings: this.weighings,
    }
  }

  /** Has a complaint weighed again soon; while a storm unfolds around it, once it has quietened. */
  touchComplaint(complaint: Complaint): void {
    if (complaint.aside) return
    const { settleMs, stormSettleMs, stormMaxMs } = this.ruleset.times
    const waiting = complaint.dueMs !== Infinity
    if (!waiting) complaint.firstTouchedMs = this.nowMs
    const inStorm = complaint.hits.some(({ node }) => storming(node, this.nowMs, this.topology, this.ruleset))
    if (waiting && !inStorm) return
    const dueMs = inStorm
      ? Math.min(complaint.firstTouchedMs + stormMaxMs, this.nowMs + stormSettleMs)
      : this.nowMs + settleMs
    if (waiting && dueMs <= complaint.dueMs) return
    complaint.dueMs = dueMs
    this.deadlines.set('complaint', complaint.id, dueMs)
  }

  touchOutage(outageId: string | undefined): void {
    const outage = outageId === undefined ? undefined : this.outages.byId.get(outageId)
    const dueMs = this.nowMs + this.ruleset.times.settleMs
    if (outage !== undefined && outage.dueMs > dueMs) this.outageDue(outage, dueMs)
  }

  outageDue(outage: Outage, dueMs: number): void {
    outage.dueMs = dueMs
    this.deadlines.set('outage', outage.id, dueMs)
  }

  /** Engine time has moved: forgets what has left the window (E5), settles what can change no more. */
  retire(): void {
    this.noteClusters(this.clusters.advance(this.nowMs))
    const limitMs = this.nowMs - this.ruleset.times.windowMs
    for (let next = this.arrivals[this.arrivalsFrom]; next !== undefined && next.ms < limitMs;) {
      this.dismiss(next.complaint)
      this.complaints.remove(next.complaint)
      next = this.arrivals[(this.arrivalsFrom += 1)]
    }
    if (this.arrivalsFrom > 10_000 && this.arrivalsFrom * 2 > this.arrivals.length) {
      this.arrivals.splice(0, this.arrivalsFrom)
      this.arrivalsFrom = 0
    }
    for (const cause of this.alarms.retire(this.nowMs)) this.forget(cause)
  }

  retirePublished(): void {
    for (const cause of this.published.retire(this.nowMs)) this.forget(cause)
  }

  /**
   * Another ruleset is in force: whatever was derived under the old one is derived anew, and all complaints are weighed
   * again. Where clustering itself changed, old clusters are dissolved and the window is clustered afresh.
   */
  useRules(ruleset: Ruleset): void {
    const clustersDiffer =
      JSON.stringify([this.ruleset.clusters, this.ruleset.symptomFamilies, this.ruleset.times.latenessMs]) !==
      JSON.stringify([ruleset.clusters, ruleset.symptomFamilies, ruleset.times.latenessMs])
    this.ruleset = ruleset
    const impacts = createImpactTable(ruleset)
    this.serving.useRules(ruleset)
    for (const complaint of this.complaints.byId.values()) {
      if (complaint.aside) continue
      this.complaints.unplace(complaint)
      complaint.take(complaint.facts, ruleset)
      this.complaints.place(complaint)
    }
    this.settleServing()
    for (const change of this.alarms.useRules(ruleset, impacts, this.nowMs)) this.touchCause(change)
    for (const change of this.published.useRules(ruleset, impacts)) this.touchCause(change)
    if (clustersDiffer) this.clusterAfresh()
  }

  private clusterAfresh(): void {
    const weighed = [...this.complaints.byId.values()].filter(({ aside }) => !aside)
    const ids = new Set(weighed.flatMap(({ id }) => this.clusters.clusterIdOf(id) ?? []))
    for (const clusterId of [...ids].sort())
      this.noteClusters([{ kind: 'closed', clusterId, reason: 'dissolved' }])
    this.clusters = createIncrementalClusters({
      ...this.ruleset.clusters,
      latenessMs: this.ruleset.times.latenessMs,
    })
    this.noteClusters(this.clusters.advance(this.nowMs))
    for (const complaint of weighed) {
      const placed = this.placedFor(complaint)
      if (placed !== undefined) this.noteClusters(this.clusters.insert(placed))
    }
  }

  /** What came later than the lateness limit after it happened weighs nothing again. */
  isTooLate(ms: number): boolean {
    return ms < this.nowMs - this.ruleset.times.latenessMs
  }

  private forget(cause: Cause): void {
    for (const [customer] of cause.company) cause.company.delete(customer)
    for (const complaint of this.complaintsNear(cause)) complaint.counted.delete(cause)
    this.touchOutagesOf(cause)
  }

  private touchOutagesOf(cause: Cause): void {
    this.touchOutage(cause.outageId)
    if (cause.loggedRoot !== undefined) this.touchOutage(this.causes.byKey.get(cause.loggedRoot)?.outageId)
  }

  private correlateLater(cause: Cause): void {
    if (cause.kind !== 'alarm' || cause.retired || cause.correlateDueMs !== Infinity) return
    cause.correlateDueMs = this.nowMs + this.ruleset.times.settleMs
    this.deadlines.set('correlate', cause.key, cause.correlateDueMs)
  }

  /** Hangs a complaint where its place says, and counts it in. */
  private admit(complaint: Complaint): void {
    complaint.aside = complaint.facts.scope !== 'network' || complaint.tooLate || complaint.withdrawn
    if (complaint.aside) {
      this.settleServing()
      this.look(complaint)
      return
    }
    this.hang(complaint)
    this.judgeSharedPoint(complaint)
  }

  /** Takes a complaint out of all that it weighs in. */
  private dismiss(complaint: Complaint): void {
    this.unhang(complaint)
    this.complaints.unplace(complaint)
    complaint.dueMs = Infinity
  }

  private hang(complaint: Complaint): void {
    this.settleServing()
    this.look(complaint)
    for (const { node } of complaint.hits) node.complaints.add(complaint)
    complaint.servedBy?.complaints.add(complaint)
    for (const candidate of candidatesFor(complaint, this.topology, this.causes, this.ruleset))
      if (isCompany(complaint, candidate, this.ruleset) && join(candidate.cause, complaint, this.ruleset))
        this.touchCompany(candidate.cause)
  }

  private unhang(complaint: Complaint): void {
    for (const { node } of complaint.hits) node.complaints.delete(complaint)
    complaint.servedBy?.complaints.delete(complaint)
    for (const cause of complaint.counted)
      if (leave(cause, complaint, this.ruleset) && !cause.retired) this.touchCompany(cause)
  }

  private look(complaint: Complaint): void {
    const { servedBy, service, network } = complaint.facts
    complaint.servedBy = servedBy === undefined ? undefined : this.topology.node(servedBy)
    complaint.hits =
      complaint.point === undefined
        ? []
        : this.serving.hits(complaint.point, complaint.uncertaintyMeters, network, service)
  }

  /** The figure that a cause's company weighs has changed for all near it. */
  private touchCompany(cause: Cause): void {
    const sinceMs = cause.startMs - touchSlacks * this.ruleset.times.onsetSlackMs
    for (const complaint of this.complaintsNear(cause))
      if (complaint.fromMs + complaint.uncertaintyMs >= sinceMs) this.touchComplaint(complaint)
  }

  private recount(cause: Cause): void {
    const { ruleset } = this
    const near = this.complaintsNear(cause)
    cause.company.clear()
    for (const complaint of near) {
      complaint.counted.delete(cause)
      if (cause.retired) continue
      const candidate = candidateOf(complaint, cause, this.topology, this.causes, ruleset)
      if (candidate !== undefined && isCompany(complaint, candidate, ruleset)) join(cause, complaint, ruleset)
    }
  }

  /** A default geocode that many unrelated customers share is no place; all who gave it are looked at anew. */
  private judgeSharedPoint(complaint: Complaint): void {
    const shared = this.complaints.isShared(complaint, this.ruleset.places)
    for (const other of shared ? this.complaints.atPointOf(complaint) : [complaint]) {
      if (other.shared === shared || other.aside) continue
      this.unhang(other)
      this.complaints.unplace(other)
      other.shared = shared
      other.take(other.facts, this.ruleset)
      this.complaints.place(other)
      this.hang(other)
      // The newcomer itself is clustered after this.
      if (other !== complaint) this.recluster(other)
      this.touchComplaint(other)
    }
  }

  /** A complaint as clustering takes it; vague places open and join no cluster. */
  private placedFor(complaint: Complaint): PlacedComplaint | undefined {
    const { point, facts } = complaint
    const vague = complaint.shared || complaint.uncertaintyMeters > this.ruleset.clusters.maxUncertaintyMeters
    if (point === undefined || complaint.aside || vague || this.clusters.isTooLate(complaint.fromMs))
      return undefined
    return {
      id: complaint.id,
      lane: laneOf(complaint),
      lon: point[0],
      lat: point[1],
      timeMs: complaint.fromMs,
      customerRef: complaint.customer,
      dense: facts.customerRef === undefined || complaint.repeatOf === undefined,
    }
  }

  private recluster(complaint: Complaint): void {
    const placed = this.placedFor(complaint)
    this.noteClusters(
      placed === undefined ? this.clusters.withdraw(complaint.id) : this.clusters.amend(placed),
    )
  }

  private noteClusters(changes: readonly ClusterChange[]): void {
    for (const change of changes) this.clusterChanges.push(change)
  }

  /** The same customer's first complaint of the same trouble. */
  private earlierOf(complaint: Complaint): string | undefined {
    if (complaint.facts.customerRef === undefined) return undefined
    let first: Complaint | undefined
    for (const other of this.complaints.ofCustomer(complaint.customer)) {
      const alike =
        other.family === complaint.family || other.family === undefined || complaint.family === undefined
      const recent = Math.abs(complaint.reportedMs - other.reportedMs) <= this.ruleset.times.repeatMs
      if (!alike || !recent || other.withdrawn || other.facts.scope !== complaint.facts.scope) continue
      if (first === undefined || other.reportedMs < first.reportedMs) first = other
    }
    return first?.id
  }

  /** All elements that a cause reaches: those that it lies on and what depends on them, around rings too. */
  private reachOf(cause: Cause): readonly ElementNode[] {
    const [node, ...others] = cause.nodes
    if (node === undefined) return []
    if (others.length === 0 && node.ringNeighbours.size === 0) return this.topology.dependentsOf(node)
    const reached = new Set<ElementNode>()
    for (const at of cause.nodes)
      for (const member of this.topology.ringOf(at))
        for (const below of this.topology.dependentsOf(member)) reached.add(below)
    return [...reached]
  }

  private changeTopology(event: InventoryEvent): ElementNode | undefined {
    switch (event.type) {
      case 'ElementRegistered':
        return this.topology.register(event.data)
      case 'ElementChanged':
        return this.topology.change(event.data)
      case 'ElementRetired':
        return this.topology.retire(event.data.elementId)
      case 'ElementLinked':
        return this.topology.link(event.data)
      case 'ElementUnlinked':
        return this.topology.unlink(event.data)
    }
  }
}

/** Complaints cluster within one network, service and symptom family. */
export function laneOf({ facts, family }: Complaint): string {
  return JSON.stringify([facts.network ?? '', facts.service ?? '', family ?? ''])
}
