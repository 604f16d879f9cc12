import type { AlarmRow } from '../../projections/alarm-row.ts'
import type { AlarmChanged, AlarmRaised } from '../../schemas/alarm.ts'
import type { AnswerSnapshot } from '../../schemas/answer-snapshot.ts'
import type { AlarmSnapshot } from '../../schemas/command-alarm.ts'
import { canonicalJson } from '../../schemas/event-id.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Fact } from '../domain/decider.ts'

/** What a list says beyond what is known, each with the moment that it holds from. */
export interface SnapshotFact {
  readonly fact: Fact<'AlarmRaised' | 'AlarmChanged' | 'AlarmCleared'>
  readonly occurredAt: string
}

export interface SnapshotDifference {
  readonly facts: readonly SnapshotFact[]
  readonly counts: AnswerSnapshot
}

type Listed = AlarmSnapshot['alarms'][number]

/**
 * The difference between a source's full list of active alarms and what is known of it: new ones are raised, absent ones
 * cleared, changed ones changed, and those still there confirmed, at most once in `confirmMs`. What is known from after
 * the list was taken goes before the list.
 */
export function snapshotDifference(
  snapshot: AlarmSnapshot,
  active: Iterable<Pick<AlarmRow, 'alarmId' | 'raisedAt'>>,
  knownOf: (alarmId: string) => AlarmRow | undefined,
  confirmMs: number,
): SnapshotDifference {
  const { takenAt } = snapshot
  const facts: SnapshotFact[] = []
  const counts = { alarms: 0, raised: 0, changed: 0, confirmed: 0, unchanged: 0, cleared: 0 }
  const listed = new Map(snapshot.alarms.map((alarm) => [alarm.alarmId, alarm]))
  counts.alarms = listed.size
  for (const alarm of listed.values()) {
    const { outcome, ...rest } = judgeListed(alarm, knownOf(alarm.alarmId), takenAt, confirmMs)
    counts[outcome] += 1
    if (rest.said !== undefined) facts.push(rest.said)
  }
  for (const row of active) {
    if (listed.has(row.alarmId) || row.raisedAt > takenAt) continue
    const data = { alarmId: row.alarmId, reason: 'absent-from-snapshot' as const }
    facts.push({ fact: { type: 'AlarmCleared', data }, occurredAt: takenAt })
    counts.cleared += 1
  }
  return { facts, counts }
}

interface Judged {
  readonly outcome: 'raised' | 'changed' | 'confirmed' | 'unchanged'
  readonly said?: SnapshotFact
}

function judgeListed(
  { raisedAt, ...alarm }: Listed,
  known: AlarmRow | undefined,
  takenAt: string,
  confirmMs: number,
): Judged {
  if (known === undefined) return raised(alarm, raisedAt ?? takenAt)
  if (known.cleared !== undefined) {
    if (known.cleared.at > takenAt) return { outcome: 'unchanged' }
    // Still listed after its clear: it came back, at the latest when the list was taken.
    const again = raisedAt !== undefined && raisedAt > known.cleared.at ? raisedAt : takenAt
    return raised(alarm, again)
  }
  const heardAt = known.changedAt ?? known.raisedAt
  if (heardAt > takenAt) return { outcome: 'unchanged' }
  const change = changeOf(alarm, known)
  if (Object.keys(change).length > 0) {
    return { outcome: 'changed', said: changed({ alarmId: alarm.alarmId, ...change }, takenAt) }
  }
  if (toMs(takenAt) - toMs(heardAt) < confirmMs) return { outcome: 'unchanged' }
  return { outcome: 'confirmed', said: changed({ alarmId: alarm.alarmId }, takenAt) }
}

function raised(data: AlarmRaised, occurredAt: string): Judged {
  return { outcome: 'raised', said: { fact: { type: 'AlarmRaised', data }, occurredAt } }
}

function changed(data: AlarmChanged, occurredAt: string): SnapshotFact {
  return { fact: { type: 'AlarmChanged', data }, occurredAt }
}

/** What a change may say and the list says otherwise than known. */
function changeOf(alarm: AlarmRaised, known: AlarmRow): Omit<AlarmChanged, 'alarmId'> {
  const names = ['perceivedSeverity', 'text', 'serviceAffecting', 'attributes'] as const
  return Object.fromEntries(
    names
      .filter(
        (name) => alarm[name] !== undefined && canonicalJson(alarm[name]) !== canonicalJson(known[name]),
      )
      .map((name) => [name, alarm[name]]),
  )
}
