import type { AlarmCleared, AlarmRaised } from '../../schemas/alarm.ts'
import type { EventOf } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Area } from '../../schemas/geo.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { AlarmRecord, clearsAlarm } from './alarm-record.ts'
import { Arrivals } from './arrivals.ts'
import type { CauseBook } from './cause-book.ts'
import { type Episode, episodesOf, insertFact } from './episodes.ts'
import type { ImpactTable } from './impact.ts'
import { Cause, type ElementNode, overlaps } from './model.ts'
import { RuleClears } from './rule-clears.ts'
import type { Topology } from './topology.ts'

type AlarmEvent = EventOf<'AlarmRaised' | 'AlarmChanged' | 'AlarmCleared'>

/** What a fact did to a cause: it is new, changed or gone; and the earliest moment that this bears on. */
export interface CauseChange {
  readonly cause: Cause
  readonly fromMs: number
  /** Where it lay before, if that was elsewhere. */
  readonly former?: { readonly nodes: readonly ElementNode[]; readonly area: Area | undefined }
}

/** Alarms as sets of facts: whatever the order in which they came, the same facts give the same episodes (E4). */
export class AlarmBook {
  private readonly records = new Map<string, AlarmRecord>()
  private readonly byNode = new Map<ElementNode, Set<AlarmRecord>>()
  private readonly ruleClears = new RuleClears()
  private readonly arrivals = new Arrivals<AlarmRecord>()
  private readonly topology: Topology
  private readonly causes: CauseBook
  private ruleset: Ruleset
  impacts: ImpactTable

  constructor(topology: Topology, causes: CauseBook, ruleset: Ruleset, impacts: ImpactTable) {
    this.topology = topology
    this.causes = causes
    this.ruleset = ruleset
    this.impacts = impacts
  }

  get size(): number {
    return this.records.size
  }

  get ruleClearsSize(): number {
    return this.ruleClears.size
  }

  take(event: AlarmEvent, nowMs: number): CauseChange[] {
    const ms = toMs(event.occurredAt)
    const { source } = event.meta
    switch (event.type) {
      case 'AlarmRaised': {
        const record = this.recordOf(source, event.data.alarmId)
        insertFact(record.raises, { ms, id: event.id, data: event.data })
        this.hang(record, this.topology.nodeNamed(event.data.elementId))
        for (const clearMs of this.ruleClears.momentsFor(source, event.data)) record.clear(clearMs)
        return this.note(record, ms, nowMs)
      }
      case 'AlarmChanged': {
        const record = this.recordOf(source, event.data.alarmId)
        insertFact(record.changes, { ms, id: event.id, data: event.data })
        return this.note(record, ms, nowMs)
      }
      case 'AlarmCleared':
        return this.cleared(source, event.data, ms, nowMs)
    }
  }

  /** Derives every episode anew under another ruleset. */
  useRules(ruleset: Ruleset, impacts: ImpactTable, nowMs: number): CauseChange[] {
    this.ruleset = ruleset
    this.impacts = impacts
    return [...this.records.values()].flatMap((record) => this.deriveAfresh(record, nowMs))
  }

  /** The inventory has changed an element: what its alarms do may depend on its kind. */
  elementChanged(node: ElementNode, nowMs: number): CauseChange[] {
    return [...(this.byNode.get(node) ?? [])].flatMap((record) => this.deriveAfresh(record, nowMs))
  }

  isNamedBy(node: ElementNode): boolean {
    return this.byNode.has(node)
  }

  /** Forgets what nothing has touched for the window, open or not; answers the causes that went with it. */
  retire(nowMs: number, bared: (node: ElementNode) => void): Cause[] {
    const limitMs = nowMs - this.ruleset.times.windowMs
    const gone: Cause[] = []
    this.ruleClears.retire(limitMs)
    for (let next = this.arrivals.takeBefore(limitMs); next; next = this.arrivals.takeBefore(limitMs)) {
      const { item: record, ms } = next
      if (record.touchedMs !== ms || this.records.get(record.key) !== record) continue
      this.records.delete(record.key)
      for (const cause of record.causes) this.causes.remove(cause)
      gone.push(...record.causes)
      for (const node of record.nodes) this.unhang(record, node, bared)
    }
    return gone
  }

  private cleared(source: string, data: AlarmCleared, ms: number, nowMs: number): CauseChange[] {
    if (data.alarmId !== undefined) {
      const record = this.recordOf(source, data.alarmId)
      record.clear(ms)
      return this.note(record, ms, nowMs)
    }
    this.ruleClears.take(source, data, ms, nowMs)
    const node = data.elementId === undefined ? undefined : this.topology.node(data.elementId)
    const records = node === undefined ? [] : [...(this.byNode.get(node) ?? [])]
    return records
      .filter(
        (record) => record.source === source && record.raises.some((raise) => clearsAlarm(data, raise.data)),
      )
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .flatMap((record) => {
        record.clear(ms)
        return this.note(record, ms, nowMs)
      })
  }

  private recordOf(source: string, alarmId: string): AlarmRecord {
    const key = `${source}/${alarmId}`
    const known = this.records.get(key)
    if (known !== undefined) return known
    const record = new AlarmRecord(source, alarmId)
    this.records.set(key, record)
    return record
  }

  private hang(record: AlarmRecord, node: ElementNode): void {
    record.nodes.add(node)
    const known = this.byNode.get(node)
    if (known === undefined) this.byNode.set(node, new Set([record]))
    else known.add(record)
  }

  private unhang(record: AlarmRecord, node: ElementNode, bared: (node: ElementNode) => void): void {
    const left = this.byNode.get(node)
    left?.delete(record)
    if (left?.size !== 0) return
    this.byNode.delete(node)
    bared(node)
  }

  /** A fact of the alarm has arrived. */
  private note(record: AlarmRecord, factMs: number, nowMs: number): CauseChange[] {
    record.touchedMs = nowMs
    record.confirmedMs = Math.max(record.confirmedMs, factMs)
    record.limit(this.ruleset.times.dwellMs)
    this.arrivals.push(record, nowMs)
    return this.derive(record, factMs, nowMs)
  }

  private deriveAfresh(record: AlarmRecord, nowMs: number): CauseChange[] {
    const changes = this.derive(record, record.confirmedMs, nowMs)
    return [
      ...changes.filter(({ cause }) => cause.retired),
      ...record.causes.map((cause) => ({ cause, fromMs: cause.startMs })),
    ]
  }

  private derive(record: AlarmRecord, factMs: number, nowMs: number): CauseChange[] {
    const changes: CauseChange[] = []
    const kept: Cause[] = []
    for (const episode of episodesOf(record.raises, record.clearsMs, this.ruleset.times.dwellMs)) {
      const node = this.topology.nodeNamed(episode.data.elementId)
      const cause = this.causeOf(record, node, episode)
      if (cause === undefined) continue
      kept.push(cause)
      if (this.adopt(cause, record, episode, nowMs))
        changes.push({ cause, fromMs: Math.min(cause.startMs, factMs) })
    }
    for (const old of record.causes) {
      if (kept.includes(old)) continue
      const successor = kept.find((cause) => overlaps(cause, old, 0))
      if (successor === undefined) this.causes.remove(old)
      else this.causes.replace(old, successor)
      changes.push({ cause: old, fromMs: old.startMs })
    }
    record.causes = kept
    return changes
  }

  /** The cause of an episode, kept over changes; none where the alarm hurts nobody. */
  private causeOf(record: AlarmRecord, node: ElementNode, episode: Episode<AlarmRaised>): Cause | undefined {
    const impact = this.impacts.ofAlarm({
      data: episode.data,
      severity: record.severityIn(episode),
      elementKind: node.element?.kind ?? 'other',
    })
    if (impact.effect === 'none') return undefined
    const id = `${record.key}@${toInstant(episode.startMs)}`
    const known = record.causes.find((cause) => cause.id === id)
    const cause = known ?? new Cause('alarm', id, impact)
    if (known === undefined) {
      cause.startMs = episode.startMs
      // No end that an episode can have: the new cause counts as changed.
      cause.endMs = NaN
      this.causes.add(cause, [node], undefined)
    } else if (known.nodes[0] !== node) {
      this.causes.relocate(known, [node], undefined)
      known.endMs = NaN
    }
    if (cause.impact !== impact) cause.endMs = NaN
    cause.impact = impact
    return cause
  }

  /** Brings a cause up to its episode; answers whether anything that weighs has changed. */
  private adopt(cause: Cause, record: AlarmRecord, episode: Episode<AlarmRaised>, nowMs: number): boolean {
    const severityNats = this.ruleset.weights.severity[record.severityIn(episode)]
    const wasStale = nowMs - cause.confirmedMs > this.ruleset.times.staleAlarmMs
    const revived = episode.endMs === Infinity && wasStale && record.confirmedMs > cause.confirmedMs
    const changed = cause.endMs !== episode.endMs || cause.severityNats !== severityNats || revived
    cause.endMs = episode.endMs
    cause.endKnown = episode.endMs !== Infinity
    cause.confirmedMs = record.confirmedMs
    cause.severityNats = severityNats
    const { element, id } = cause.nodes[0] ?? { element: undefined, id: '' }
    cause.services = cause.impact.services ?? element?.services
    const { probableCause, specificProblem } = episode.data
    cause.title = `${element?.name ?? id}: ${specificProblem ?? probableCause}`
    return changed
  }
}
