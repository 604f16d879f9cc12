import type { AdvisoryPublished } from '../../schemas/advisory.ts'
import type { CauseRef } from '../../schemas/attribution.ts'
import type { CoverageGapReported } from '../../schemas/coverage-gap.ts'
import type { CutoverPlanned } from '../../schemas/cutover.ts'
import type { EventOf } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { CauseChange } from './alarm-book.ts'
import { Cause, causeKey } from './model.ts'
import type { CauseBook } from './cause-book.ts'
import type { Impact, ImpactTable } from './impact.ts'
import type { Topology } from './topology.ts'

export type PublishedEvent = EventOf<
  | 'CutoverPlanned'
  | 'CutoverRescheduled'
  | 'CutoverStarted'
  | 'CutoverFinished'
  | 'CutoverCancelled'
  | 'CoverageGapReported'
  | 'CoverageGapChanged'
  | 'CoverageGapClosed'
  | 'AdvisoryPublished'
  | 'AdvisoryWithdrawn'
>

interface Stamped<Data> {
  readonly ms: number
  readonly id: string
  readonly data: Data
}

/** A cutover as a set of facts; of each kind the latest stated counts, whatever came first. */
interface CutoverFacts {
  planned: Stamped<CutoverPlanned> | undefined
  rescheduled: Stamped<{ plannedStart: string; plannedEnd: string }> | undefined
  startedMs: number | undefined
  finishedMs: number | undefined
  cancelledMs: number | undefined
}

/** What people publish about the network: works, coverage gaps, advisories. Each is one cause, from its facts. */
export class PublishedBook {
  private readonly cutovers = new Map<string, CutoverFacts>()
  readonly gaps = new Map<string, CoverageGapReported>()
  readonly advisories = new Map<string, AdvisoryPublished>()
  private readonly topology: Topology
  private readonly causes: CauseBook
  private ruleset: Ruleset
  private impacts: ImpactTable

  constructor(topology: Topology, causes: CauseBook, ruleset: Ruleset, impacts: ImpactTable) {
    this.topology = topology
    this.causes = causes
    this.ruleset = ruleset
    this.impacts = impacts
  }

  take(event: PublishedEvent): CauseChange[] {
    const ms = toMs(event.occurredAt)
    switch (event.type) {
      case 'CutoverPlanned':
        return this.cutover(event.data.cutoverId, (facts) => {
          facts.planned = later(facts.planned, { ms, id: event.id, data: event.data })
        })
      case 'CutoverRescheduled':
        return this.cutover(event.data.cutoverId, (facts) => {
          facts.rescheduled = later(facts.rescheduled, { ms, id: event.id, data: event.data })
        })
      case 'CutoverStarted':
        return this.cutover(event.data.cutoverId, (facts) => {
          facts.startedMs = Math.min(facts.startedMs ?? ms, ms)
        })
      case 'CutoverFinished':
        return this.cutover(event.data.cutoverId, (facts) => {
          facts.finishedMs = Math.max(facts.finishedMs ?? ms, ms)
        })
      case 'CutoverCancelled':
        return this.cutover(event.data.cutoverId, (facts) => {
          facts.cancelledMs = ms
        })
      case 'CoverageGapReported':
        return this.gap(event.data, ms)
      case 'CoverageGapChanged': {
        const gap = this.gaps.get(event.data.gapId)
        if (gap === undefined) return []
        const changed = { ...gap, ...event.data.set } as CoverageGapReported
        for (const field of event.data.unset ?? []) delete changed[field]
        return this.gap(changed, ms)
      }
      case 'CoverageGapClosed':
        return this.end('gap', event.data.gapId, ms)
      case 'AdvisoryPublished':
        return this.advisory(event.data, ms)
      case 'AdvisoryWithdrawn':
        return this.end('advisory', event.data.advisoryId, ms)
    }
  }

  /** Derives every cause anew under another ruleset. */
  useRules(ruleset: Ruleset, impacts: ImpactTable): CauseChange[] {
    this.ruleset = ruleset
    this.impacts = impacts
    const ended = new Map([...this.causes.byKey.values()].map((cause) => [cause.key, cause.endMs]))
    const changes = [
      ...[...this.cutovers.keys()].flatMap((id) => this.cutover(id, () => {})),
      ...[...this.gaps.values()].flatMap((gap) => this.gap(gap, 0)),
      ...[...this.advisories.values()].flatMap((advisory) => this.advisory(advisory, 0)),
    ]
    for (const { cause } of changes)
      if (cause.kind !== 'cutover') cause.endMs = ended.get(cause.key) ?? cause.endMs
    return changes
  }

  /** Forgets what ended longer ago than the window. Call at leisure: there are few of them. */
  retire(nowMs: number): Cause[] {
    const gone = [...this.causes.byKey.values()].filter(
      (cause) => cause.kind !== 'alarm' && cause.endMs < nowMs - this.ruleset.times.windowMs,
    )
    for (const cause of gone) {
      this.causes.remove(cause)
      if (cause.kind === 'cutover') this.cutovers.delete(cause.id)
      if (cause.kind === 'gap') this.gaps.delete(cause.id)
      if (cause.kind === 'advisory') this.advisories.delete(cause.id)
    }
    return gone
  }

  private cutover(id: string, note: (facts: CutoverFacts) => void): CauseChange[] {
    const facts = this.cutovers.get(id) ?? {
      planned: undefined,
      rescheduled: undefined,
      startedMs: undefined,
      finishedMs: undefined,
      cancelledMs: undefined,
    }
    this.cutovers.set(id, facts)
    note(facts)
    const { planned, startedMs, finishedMs, cancelledMs } = facts
    const known = this.causes.byKey.get(causeKey('cutover', id))
    if (planned === undefined) return []
    // Work that was called off before it began explains nothing.
    if (cancelledMs !== undefined && (startedMs === undefined || startedMs > cancelledMs)) {
      if (known === undefined) return []
      this.causes.remove(known)
      return [{ cause: known, fromMs: known.startMs }]
    }
    const window =
      facts.rescheduled !== undefined && facts.rescheduled.ms >= planned.ms
        ? facts.rescheduled.data
        : planned.data
    const plannedEndMs = toMs(window.plannedEnd)
    const { weights, times } = this.ruleset
    const { data } = planned
    const base = startedMs === undefined ? weights.cutoverInWindow : weights.cutoverStarted
    const cause = known ?? new Cause('cutover', id, this.impacts.ofProfile('cutover', base))
    const earliestMs = Math.min(known?.startMs ?? Infinity, startedMs ?? toMs(window.plannedStart))
    cause.impact = this.impacts.ofProfile('cutover', base, data.symptoms, data.services)
    cause.services = data.services
    cause.startMs = startedMs ?? toMs(window.plannedStart)
    // Without an end message the work may still be going on: overrunning is common, and "over" would be a guess.
    cause.endMs = finishedMs ?? cancelledMs ?? plannedEndMs + times.cutoverOverrunMs
    cause.endKnown = finishedMs !== undefined || cancelledMs !== undefined
    cause.expectedEndMs = plannedEndMs
    cause.title = `${data.title} (${id})`
    const nodes = data.elementIds.map((elementId) => this.topology.nodeNamed(elementId))
    if (known === undefined) this.causes.add(cause, nodes, data.area)
    else this.causes.relocate(cause, nodes, data.area)
    return [{ cause, fromMs: earliestMs }]
  }

  private gap(data: CoverageGapReported, ms: number): CauseChange[] {
    this.gaps.set(data.gapId, data)
    const known = this.causes.byKey.get(causeKey('gap', data.gapId))
    const impact: Impact = this.impacts.ofProfile(
      data.kind,
      this.ruleset.weights.gap,
      undefined,
      data.services,
    )
    const cause = known ?? new Cause('gap', data.gapId, impact)
    cause.impact = impact
    cause.services = data.services
    cause.network = data.network
    // A gap was there before anyone reported it, unless its start is stated.
    cause.startMs = data.since === undefined ? 0 : toMs(data.since)
    cause.settingOnly = data.setting
    cause.title = data.name ?? data.gapId
    cause.spoken = data.name === undefined ? undefined : { zh: data.name, en: data.name }
    if (known === undefined) this.causes.add(cause, [], data.area)
    else this.causes.relocate(cause, [], data.area)
    return [{ cause, fromMs: Math.max(cause.startMs, ms - this.ruleset.times.windowMs) }]
  }

  private advisory(data: AdvisoryPublished, ms: number): CauseChange[] {
    this.advisories.set(data.advisoryId, data)
    const known = this.causes.byKey.get(causeKey('advisory', data.advisoryId))
    if (data.outage === undefined) {
      if (known === undefined) return []
      this.causes.remove(known)
      return [{ cause: known, fromMs: known.startMs }]
    }
    const { services, symptoms, expectedEnd } = data.outage
    const impact = this.impacts.ofProfile('advisory', this.ruleset.weights.advisory, symptoms, services)
    const cause = known ?? new Cause('advisory', data.advisoryId, impact)
    cause.impact = impact
    cause.services = services
    cause.network = data.network
    if (data.from !== undefined) cause.startMs = toMs(data.from)
    else if (known === undefined) cause.startMs = ms
    cause.endMs = data.to === undefined ? Infinity : toMs(data.to)
    cause.endKnown = data.to !== undefined
    if (expectedEnd !== undefined) cause.expectedEndMs = toMs(expectedEnd)
    cause.title = data.title
    cause.spoken = { zh: data.title, en: data.title }
    const nodes = data.elementIds.map((elementId) => this.topology.nodeNamed(elementId))
    if (known === undefined) this.causes.add(cause, nodes, data.area)
    else this.causes.relocate(cause, nodes, data.area)
    return [{ cause, fromMs: cause.startMs }]
  }

  private end(kind: CauseRef['kind'], id: string, ms: number): CauseChange[] {
    const cause = this.causes.byKey.get(causeKey(kind, id))
    if (cause === undefined) return []
    cause.endMs = Math.min(cause.endMs, ms)
    cause.endKnown = true
    return [{ cause, fromMs: cause.startMs }]
  }
}

/** Of two facts of one kind, the one stated later; ties by id. */
function later<Data>(a: Stamped<Data> | undefined, b: Stamped<Data>): Stamped<Data> {
  if (a === undefined || b.ms > a.ms) return b
  return b.ms === a.ms && b.id > a.id ? b : a
}
