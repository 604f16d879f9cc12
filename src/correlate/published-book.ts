import type { AdvisoryPublished } from '../../schemas/advisory.ts'
import type { CoverageGapReported } from '../../schemas/coverage-gap.ts'
import type { CutoverPlanned } from '../../schemas/cutover.ts'
import type { EventOf } from '../../schemas/event.ts'
import type { Area } from '../../schemas/geo.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import type { CauseChange } from './alarm-book.ts'
import { Cause, causeKey, type ElementNode } from './model.ts'
import type { CauseBook } from './cause-book.ts'
import type { ImpactTable } from './impact.ts'
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

type CutoverEvent = Extract<PublishedEvent, { data: { cutoverId: string } }>

interface Stamped<Data> {
  readonly ms: number
  readonly id: string
  readonly data: Data
}

/** A cutover as a set of facts; of each kind the latest stated counts, whatever came first (E4). */
interface CutoverFacts {
  planned: Stamped<CutoverPlanned> | undefined
  rescheduled: Stamped<{ plannedStart: string; plannedEnd: string }> | undefined
  startedMs: number | undefined
  finishedMs: number | undefined
  cancelledMs: number | undefined
  /** Engine time of the last fact. */
  touchedMs: number
}

/** What people publish about the network: works, coverage gaps, advisories. Each is one cause, from its facts. */
export class PublishedBook {
  private readonly cutovers = new Map<string, CutoverFacts>()
  readonly gaps = new Map<string, CoverageGapReported>()
  /** Those that declare an outage, and when they were published. */
  readonly advisories = new Map<string, { readonly data: AdvisoryPublished; readonly publishedMs: number }>()
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

  get size(): number {
    return this.cutovers.size + this.gaps.size + this.advisories.size
  }

  take(event: PublishedEvent, nowMs: number): CauseChange[] {
    const ms = toMs(event.occurredAt)
    switch (event.type) {
      case 'CutoverPlanned':
      case 'CutoverRescheduled':
      case 'CutoverStarted':
      case 'CutoverFinished':
      case 'CutoverCancelled':
        return this.takeCutover(event, ms, nowMs)
      case 'CoverageGapReported': {
        // Reported again it is open again.
        const known = this.causes.byKey.get(causeKey('gap', event.data.gapId))
        if (known !== undefined && known.endMs <= ms) known.endMs = Infinity
        return this.gap(event.data, ms)
      }
      case 'CoverageGapChanged': {
        const gap = this.gaps.get(event.data.gapId)
        if (gap === undefined) return []
        const changed = { ...gap, ...event.data.set } as CoverageGapReported
        for (const field of event.data.unset ?? []) delete changed[field]
        return this.gap(changed, ms)
      }
      case 'CoverageGapClosed':
        return this.close(event.data.gapId, ms)
      case 'AdvisoryPublished':
        return this.publish(event.data, ms)
      case 'AdvisoryWithdrawn': {
        const advisory = this.advisories.get(event.data.advisoryId)
        if (advisory === undefined) return []
        const { data, publishedMs } = advisory
        const to = data.to === undefined ? ms : Math.min(ms, toMs(data.to))
        return this.advisory({ ...data, to: toInstant(to) }, publishedMs)
      }
    }
  }

  /** Derives every cause anew under another ruleset. */
  useRules(ruleset: Ruleset, impacts: ImpactTable): CauseChange[] {
    this.ruleset = ruleset
    this.impacts = impacts
    return [
      ...[...this.cutovers].flatMap(([id, facts]) => this.cutover(id, facts)),
      ...[...this.gaps.values()].flatMap((gap) => this.gap(gap, 0)),
      ...[...this.advisories.values()].flatMap((advisory) =>
        this.advisory(advisory.data, advisory.publishedMs),
      ),
    ]
  }

  /** Forgets what ended longer ago than the window, and works of which nothing but a step was ever told. */
  retire(nowMs: number): Cause[] {
    const limitMs = nowMs - this.ruleset.times.windowMs
    const gone = [...this.causes.byKey.values()].filter(
      (cause) => cause.kind !== 'alarm' && cause.endMs < limitMs,
    )
    for (const cause of gone) {
      this.causes.remove(cause)
      if (cause.kind === 'cutover') this.cutovers.delete(cause.id)
      if (cause.kind === 'gap') this.gaps.delete(cause.id)
      if (cause.kind === 'advisory') this.advisories.delete(cause.id)
    }
    for (const [id, { touchedMs }] of this.cutovers)
      if (touchedMs < limitMs && !this.causes.byKey.has(causeKey('cutover', id))) this.cutovers.delete(id)
    return gone
  }

  private takeCutover(event: CutoverEvent, ms: number, nowMs: number): CauseChange[] {
    const { cutoverId } = event.data
    const facts = this.cutovers.get(cutoverId) ?? newCutover()
    this.cutovers.set(cutoverId, facts)
    facts.touchedMs = nowMs
    switch (event.type) {
      case 'CutoverPlanned':
        facts.planned = later(facts.planned, { ms, id: event.id, data: event.data })
        break
      case 'CutoverRescheduled':
        facts.rescheduled = later(facts.rescheduled, { ms, id: event.id, data: event.data })
        break
      case 'CutoverStarted':
        facts.startedMs = Math.min(facts.startedMs ?? ms, ms)
        break
      case 'CutoverFinished':
        facts.finishedMs = Math.max(facts.finishedMs ?? ms, ms)
        break
      case 'CutoverCancelled':
        facts.cancelledMs = Math.max(facts.cancelledMs ?? ms, ms)
        break
    }
    return this.cutover(cutoverId, facts)
  }

  private cutover(id: string, facts: CutoverFacts): CauseChange[] {
    const { planned, startedMs, finishedMs, cancelledMs } = facts
    const known = this.causes.byKey.get(causeKey('cutover', id))
    if (planned === undefined) return []
    // Work that was called off before it began explains nothing.
    if (cancelledMs !== undefined && (startedMs === undefined || startedMs > cancelledMs))
      return this.gone(known)
    const plan =
      facts.rescheduled !== undefined && facts.rescheduled.ms >= planned.ms ? facts.rescheduled : planned
    const plannedEndMs = toMs(plan.data.plannedEnd)
    const { weights, times } = this.ruleset
    const { data } = planned
    const base = startedMs === undefined ? weights.cutoverInWindow : weights.cutoverStarted
    const impact = this.impacts.ofProfile('cutover', base, data.symptoms, data.services)
    const cause = known ?? new Cause('cutover', id, impact)
    const startMs = startedMs ?? toMs(plan.data.plannedStart)
    const earliestMs = known === undefined ? startMs : Math.min(known.startMs, startMs)
    cause.impact = impact
    cause.services = data.services
    cause.startMs = startMs
    // Without an end message the work may still be going on: overrunning is common, and "over" would be a guess.
    cause.endMs = finishedMs ?? cancelledMs ?? plannedEndMs + times.cutoverOverrunMs
    cause.endKnown = finishedMs !== undefined || cancelledMs !== undefined
    cause.plannedEnd = { statedMs: plan.ms, endMs: plannedEndMs }
    cause.title = `${data.title} (${id})`
    return this.put(cause, this.nodesOf(data.elementIds), data.area, earliestMs)
  }

  private gap(data: CoverageGapReported, ms: number): CauseChange[] {
    this.gaps.set(data.gapId, data)
    const impact = this.impacts.ofProfile(data.kind, this.ruleset.weights.gap, undefined, data.services)
    const cause = this.causes.byKey.get(causeKey('gap', data.gapId)) ?? new Cause('gap', data.gapId, impact)
    cause.impact = impact
    cause.services = data.services
    cause.network = data.network
    // A gap was there before anyone reported it, unless its start is stated.
    cause.startMs = data.since === undefined ? 0 : toMs(data.since)
    cause.settingOnly = data.setting
    cause.title = data.name ?? data.gapId
    cause.spoken = data.name
    return this.put(cause, [], data.area, Math.max(cause.startMs, ms - this.ruleset.times.windowMs))
  }

  private publish(data: AdvisoryPublished, ms: number): CauseChange[] {
    const known = this.causes.byKey.get(causeKey('advisory', data.advisoryId))
    // Information that declares no outage explains nothing and is kept by the read models alone.
    if (data.outage === undefined) return this.gone(known)
    // Without a stated start it counts from when it was first published.
    const firstMs = Math.min(known?.startMs ?? ms, ms)
    return this.advisory({ ...data, from: data.from ?? toInstant(firstMs) }, ms)
  }

  private advisory(data: AdvisoryPublished, publishedMs: number): CauseChange[] {
    this.advisories.set(data.advisoryId, { data, publishedMs })
    const known = this.causes.byKey.get(causeKey('advisory', data.advisoryId))
    const { services, symptoms, expectedEnd } = data.outage ?? {}
    const impact = this.impacts.ofProfile('advisory', this.ruleset.weights.advisory, symptoms, services)
    const cause = known ?? new Cause('advisory', data.advisoryId, impact)
    const earliestMs = known?.startMs ?? Infinity
    cause.impact = impact
    cause.services = services
    cause.network = data.network
    cause.startMs = toMs(data.from ?? '')
    cause.endMs = data.to === undefined ? Infinity : toMs(data.to)
    cause.endKnown = data.to !== undefined
    cause.plannedEnd =
      expectedEnd === undefined ? undefined : { statedMs: publishedMs, endMs: toMs(expectedEnd) }
    cause.title = data.title
    cause.spoken = data.title
    const from = Math.min(cause.startMs, earliestMs)
    return this.put(cause, this.nodesOf(data.elementIds), data.area, from)
  }

  private close(gapId: string, ms: number): CauseChange[] {
    const cause = this.causes.byKey.get(causeKey('gap', gapId))
    if (cause === undefined) return []
    cause.endMs = Math.min(cause.endMs, ms)
    cause.endKnown = true
    return [{ cause, fromMs: cause.startMs }]
  }

  private nodesOf(elementIds: readonly string[]): ElementNode[] {
    return [...new Set(elementIds)].map((elementId) => this.topology.nodeNamed(elementId))
  }

  private put(
    cause: Cause,
    nodes: readonly ElementNode[],
    area: Area | undefined,
    fromMs: number,
  ): CauseChange[] {
    const former = { nodes: cause.nodes, area: cause.area }
    if (!this.causes.byKey.has(cause.key)) {
      this.causes.add(cause, nodes, area)
      return [{ cause, fromMs }]
    }
    this.causes.relocate(cause, nodes, area)
    return [{ cause, fromMs, former }]
  }

  private gone(known: Cause | undefined): CauseChange[] {
    if (known === undefined) return []
    this.causes.remove(known)
    if (known.kind === 'advisory') this.advisories.delete(known.id)
    return [{ cause: known, fromMs: known.startMs }]
  }
}

function newCutover(): CutoverFacts {
  return {
    planned: undefined,
    rescheduled: undefined,
    startedMs: undefined,
    finishedMs: undefined,
    cancelledMs: undefined,
    touchedMs: 0,
  }
}

/** Of two facts of one kind, the one stated later; ties by id. */
function later<Data>(a: Stamped<Data> | undefined, b: Stamped<Data>): Stamped<Data> {
  if (a === undefined || b.ms > a.ms) return b
  return b.ms === a.ms && b.id > a.id ? b : a
}
