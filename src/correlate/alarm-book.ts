import type { AlarmChanged, AlarmCleared, AlarmRaised } from '../../schemas/alarm.ts'
import type { EventOf } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { Cause, type ElementNode, overlaps } from './model.ts'
import type { CauseBook } from './cause-book.ts'
import { type AlarmFact, type Episode, episodesOf, insertFact, insertMs } from './episodes.ts'
import type { ImpactTable } from './impact.ts'
import { type Topology } from './topology.ts'

type AlarmEvent = EventOf<'AlarmRaised' | 'AlarmChanged' | 'AlarmCleared'>

/** All that is known of one alarm of one source; its episodes are derived anew with every fact. */
interface AlarmRecord {
  readonly key: string
  node: ElementNode | undefined
  readonly raises: AlarmFact<AlarmRaised>[]
  readonly changes: AlarmFact<AlarmChanged>[]
  readonly clearsMs: number[]
  confirmedMs: number
  causes: Cause[]
  touchedMs: number
}

/** A clear by X.733's rule: whatever on the object has this type, probable cause and (where given) problem. */
interface ClearByRule {
  readonly ms: number
  readonly data: AlarmCleared
}

/** What a fact did to causes: those that are new, changed or gone, and the earliest moment that it bears on. */
export interface CauseChange {
  readonly cause: Cause
  readonly fromMs: number
}

/** Facts kept of one alarm; a flapping one drops its oldest. */
const maxFactsPerAlarm = 256
/** Clears by rule kept for one object. */
const maxClearsByRule = 256

/** Alarms as sets of facts: whatever the order in which they came, the same facts give the same episodes (E4). */
export class AlarmBook {
  private readonly records = new Map<string, AlarmRecord>()
  /** Alarms on elements that the inventory does not know yet. */
  private readonly waiting = new Map<ElementNode, Set<AlarmRecord>>()
  private readonly clearsByObject = new Map<string, ClearByRule[]>()
  private readonly touched: { readonly record: AlarmRecord; readonly ms: number }[] = []
  private touchedFrom = 0
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
    return this.records.size
  }

  take(event: AlarmEvent, nowMs: number): CauseChange[] {
    const ms = toMs(event.occurredAt)
    switch (event.type) {
      case 'AlarmRaised': {
        const record = this.recordOf(event.meta.source, event.data.alarmId)
        record.node = this.topology.nodeNamed(event.data.elementId)
        if (record.node.element === undefined) {
          const records = this.waiting.get(record.node) ?? new Set()
          this.waiting.set(record.node, records.add(record))
        }
        insertFact(record.raises, { ms, id: event.id, data: event.data })
        if (record.raises.length > maxFactsPerAlarm) record.raises.shift()
        return this.derive(record, ms, nowMs)
      }
      case 'AlarmChanged': {
        const record = this.recordOf(event.meta.source, event.data.alarmId)
        insertFact(record.changes, { ms, id: event.id, data: event.data })
        if (record.changes.length > maxFactsPerAlarm) record.changes.shift()
        return this.derive(record, ms, nowMs)
      }
      case 'AlarmCleared':
        return this.clear(event.meta.source, event.data, ms, nowMs)
    }
  }

  /** Derives every episode anew under another ruleset. */
  useRules(ruleset: Ruleset, impacts: ImpactTable, nowMs: number): CauseChange[] {
    this.ruleset = ruleset
    this.impacts = impacts
    return [...this.records.values()].flatMap((record) => {
      const { touchedMs, confirmedMs } = record
      const changes = this.derive(record, confirmedMs, nowMs)
      this.touched.pop()
      record.touchedMs = touchedMs
      const kept = record.causes.map((cause) => ({ cause, fromMs: cause.startMs }))
      return [...changes.filter(({ cause }) => cause.retired), ...kept]
    })
  }

  /** The inventory has come to know an element: what its alarms do may depend on its kind. */
  elementKnown(node: ElementNode, nowMs: number): CauseChange[] {
    const records = this.waiting.get(node) ?? []
    this.waiting.delete(node)
    return [...records].flatMap((record) => this.derive(record, record.raises[0]?.ms ?? nowMs, nowMs))
  }

  /** Forgets what nothing has touched for the window, open or not; answers the causes that went with it. */
  retire(nowMs: number): Cause[] {
    const gone: Cause[] = []
    const limitMs = nowMs - this.ruleset.times.windowMs
    for (let next = this.touched[this.touchedFrom]; next !== undefined && next.ms < limitMs;) {
      if (next.record.touchedMs === next.ms && this.records.get(next.record.key) === next.record) {
        this.records.delete(next.record.key)
        if (next.record.node !== undefined) this.waiting.get(next.record.node)?.delete(next.record)
        for (const cause of next.record.causes) this.causes.remove(cause)
        gone.push(...next.record.causes)
      }
      next = this.touched[(this.touchedFrom += 1)]
    }
    if (this.touchedFrom > 10_000 && this.touchedFrom * 2 > this.touched.length) {
      this.touched.splice(0, this.touchedFrom)
      this.touchedFrom = 0
    }
    return gone
  }

  private clear(source: string, data: AlarmCleared, ms: number, nowMs: number): CauseChange[] {
    if (data.alarmId !== undefined) {
      const record = this.recordOf(source, data.alarmId)
      insertMs(record.clearsMs, ms)
      if (record.clearsMs.length > maxFactsPerAlarm) record.clearsMs.shift()
      return this.derive(record, ms, nowMs)
    }
    const object = `${source}/${data.elementId}`
    const clears = this.clearsByObject.get(object) ?? []
    this.clearsByObject.set(object, clears)
    clears.push({ ms, data })
    if (clears.length > maxClearsByRule) clears.shift()
    const node = data.elementId === undefined ? undefined : this.topology.node(data.elementId)
    const keys = new Set(
      node?.causes.filter((cause) => cause.kind === 'alarm').map((cause) => recordKey(cause.id)),
    )
    return [...keys]
      .sort()
      .flatMap((key) => this.records.get(key) ?? [])
      .filter((record) => record.key.startsWith(`${source}/`) && matchesRule(record, data))
      .flatMap((record) => this.derive(record, ms, nowMs))
  }

  private recordOf(source: string, alarmId: string): AlarmRecord {
    const key = `${source}/${alarmId}`
    const known = this.records.get(key)
    if (known !== undefined) return known
    const record: AlarmRecord = {
      key,
      node: undefined,
      raises: [],
      changes: [],
      clearsMs: [],
      confirmedMs: 0,
      causes: [],
      touchedMs: 0,
    }
    this.records.set(key, record)
    return record
  }

  private derive(record: AlarmRecord, factMs: number, nowMs: number): CauseChange[] {
    record.touchedMs = nowMs
    record.confirmedMs = Math.max(record.confirmedMs, factMs)
    this.touched.push({ record, ms: nowMs })
    const { node } = record
    const first = record.raises[0]
    if (node === undefined || first === undefined) return []
    const clearsMs = this.clearsOf(record)
    const episodes = episodesOf(record.raises, clearsMs, this.ruleset.times.dwellMs)
    const changes: CauseChange[] = []
    const kept: Cause[] = []
    for (const episode of episodes) {
      const cause = this.causeOf(record, node, episode)
      if (cause === undefined) continue
      kept.push(cause)
      if (this.adopt(cause, record, episode)) changes.push({ cause, fromMs: Math.min(cause.startMs, factMs) })
    }
    for (const old of record.causes) {
      if (kept.includes(old)) continue
      this.causes.remove(old)
      old.successor = kept.find((cause) => overlaps(cause, old, 0))
      changes.push({ cause: old, fromMs: old.startMs })
    }
    record.causes = kept
    return changes
  }

  private clearsOf(record: AlarmRecord): readonly number[] {
    const source = record.key.slice(0, record.key.indexOf('/'))
    const byRule = this.clearsByObject.get(`${source}/${record.node?.id}`)
    if (byRule === undefined) return record.clearsMs
    const merged = [...record.clearsMs]
    for (const { ms, data } of byRule) if (matchesRule(record, data)) insertMs(merged, ms)
    return merged
  }

  /** The cause of an episode, kept over changes; none where the alarm hurts nobody. */
  private causeOf(record: AlarmRecord, node: ElementNode, episode: Episode<AlarmRaised>): Cause | undefined {
    const severity = this.severityIn(record, episode)
    const impact = this.impacts.ofAlarm({
      data: episode.data,
      severity,
      elementKind: node.element?.kind ?? 'other',
    })
    if (impact.effect === 'none') return undefined
    const id = `${record.key}@${toInstant(episode.startMs)}`
    const known = record.causes.find((cause) => cause.id === id)
    if (known !== undefined) {
      known.impact = impact
      return known
    }
    const cause = new Cause('alarm', id, impact)
    cause.startMs = episode.startMs
    cause.endMs = NaN
    this.causes.add(cause, [node], undefined)
    return cause
  }

  /** Brings a cause up to its episode; answers whether anything that weighs has changed. */
  private adopt(cause: Cause, record: AlarmRecord, episode: Episode<AlarmRaised>): boolean {
    const severityNats = this.ruleset.weights.severity[this.severityIn(record, episode)]
    const changed = cause.endMs !== episode.endMs || cause.severityNats !== severityNats
    cause.endMs = episode.endMs
    cause.endKnown = episode.endMs !== Infinity
    cause.confirmedMs = record.confirmedMs
    cause.severityNats = severityNats
    cause.services = cause.impact.services ?? record.node?.element?.services
    const { probableCause, specificProblem } = episode.data
    cause.title = `${record.node?.element?.name ?? record.node?.id ?? ''}: ${specificProblem ?? probableCause}`
    return changed
  }

  private severityIn(record: AlarmRecord, episode: Episode<AlarmRaised>): AlarmRaised['perceivedSeverity'] {
    if (record.raises.length === 1 && record.changes.length === 0) return episode.data.perceivedSeverity
    const last = <F extends { ms: number }>(facts: readonly F[]): F | undefined =>
      facts.findLast((fact) => fact.ms >= episode.startMs && fact.ms <= episode.endMs)
    const change = last(record.changes.filter(({ data }) => data.perceivedSeverity !== undefined))
    const raise = last(record.raises)
    if (change?.data.perceivedSeverity !== undefined && change.ms >= (raise?.ms ?? 0))
      return change.data.perceivedSeverity
    return raise?.data.perceivedSeverity ?? episode.data.perceivedSeverity
  }
}

function matchesRule({ raises }: AlarmRecord, clear: AlarmCleared): boolean {
  const data = raises[0]?.data
  return (
    data !== undefined &&
    data.elementId === clear.elementId &&
    (clear.alarmType === undefined || data.alarmType === clear.alarmType) &&
    data.probableCause === clear.probableCause &&
    (clear.specificProblem === undefined || data.specificProblem === clear.specificProblem)
  )
}

/** `source/alarm@start` without the start. */
const recordKey = (causeId: string): string => causeId.slice(0, causeId.lastIndexOf('@'))
