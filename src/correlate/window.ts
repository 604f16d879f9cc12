import type { Ruleset } from '../../schemas/ruleset.ts'
import { AlarmBook } from './alarm-book.ts'
import { Arrivals } from './arrivals.ts'
import { CauseBook } from './cause-book.ts'
import type { ClusterChange } from './clusters/cluster-change.ts'
import type { IncrementalClusters } from './clusters/incremental-clusters.ts'
import { ComplaintBook } from './complaint-book.ts'
import { CrowdBook } from './crowd-book.ts'
import { Deadlines } from './deadlines.ts'
import { createImpactTable } from './impact.ts'
import type { Complaint } from './model.ts'
import { newClusters } from './new-clusters.ts'
import { OutageBook } from './outage-book.ts'
import { PublishedBook } from './published-book.ts'
import { ServingIndex } from './serving-index.ts'
import { Topology } from './topology.ts'
import type { World } from './world.ts'

/**
 * The facts of the engine's window, and who has to be weighed again because of them. `take-facts.ts` folds inputs into it
 * in the same way live, on restart and in a replay; deciding only reads it.
 */
export class Window implements World {
  ruleset: Ruleset
  readonly topology = new Topology()
  readonly causes = new CauseBook()
  readonly complaints = new ComplaintBook()
  readonly crowds = new CrowdBook()
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
  readonly arrivals = new Arrivals<Complaint>()

  constructor(ruleset: Ruleset) {
    this.ruleset = ruleset
    const impacts = createImpactTable(ruleset)
    this.serving = new ServingIndex(ruleset)
    this.alarms = new AlarmBook(this.topology, this.causes, ruleset, impacts)
    this.published = new PublishedBook(this.topology, this.causes, ruleset, impacts)
    this.outages = new OutageBook(this.causes)
    this.clusters = newClusters(ruleset)
  }

  /** What came later than the lateness limit after it happened weighs nothing again. */
  isTooLate(ms: number): boolean {
    return ms < this.nowMs - this.ruleset.times.latenessMs
  }

  sizes(): Record<string, number> {
    return {
      elements: this.topology.nodes.size,
      servingElements: this.serving.size,
      alarms: this.alarms.size,
      ruleClears: this.alarms.ruleClearsSize,
      works: this.published.size,
      causes: this.causes.byKey.size,
      complaints: this.complaints.byId.size,
      outages: this.outages.byId.size,
      clusters: this.clusters.sizes().openClusters,
      deadlines: this.deadlines.size,
      weighings: this.weighings,
    }
  }
}
