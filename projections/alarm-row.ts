import type { AlarmCleared, AlarmRaised } from '../schemas/alarm.ts'
import type { ActRef } from './act.ts'
import { table } from './projection.ts'

/** An alarm's newest occurrence. Table `alarm`, key: source, alarm id. */
export interface AlarmRow extends AlarmRaised {
  readonly source: string
  /** 1 for the first; raised again after a clear it is a new one. */
  readonly occurrence: number
  readonly raisedAt: string
  readonly recordedAt: string
  readonly changedAt?: string | undefined
  readonly cleared?: { readonly at: string; readonly reason: AlarmCleared['reason'] } | undefined
  readonly backfilled?: true | undefined
  /** Of this occurrence. */
  readonly acknowledged?: readonly ActRef[] | undefined
  /** Holds over occurrences, until it is unshelved or `until` has passed. */
  readonly shelved?: (ActRef & { readonly until?: string | undefined }) | undefined
}

/** A kind of alarm as its senders name it, with the first that was of it: what impact rules are written for. */
export interface AlarmKindRow extends Pick<
  AlarmRaised,
  'alarmType' | 'probableCause' | 'specificProblem' | 'perceivedSeverity' | 'serviceAffecting'
> {
  readonly firstAt: string
  readonly source: string
  readonly alarmId: string
  readonly elementId: string
}

/** An occurrence that was over before the alarm was raised again. Key: source, alarm id, `raisedAt`. */
export interface PastOccurrence {
  readonly raisedAt: string
  readonly clearedAt: string
}

export const alarms = table<AlarmRow>('alarm')
export const pastOccurrences = table<PastOccurrence>('alarm.past')
export const alarmKinds = table<AlarmKindRow>('alarm.kind')

/** An alarm's id as a cause: source, alarm and the start of its episode. */
export function alarmCauseId({
  source,
  alarmId,
  raisedAt,
}: Pick<AlarmRow, 'source' | 'alarmId' | 'raisedAt'>): string {
  return `${source}/${alarmId}@${raisedAt}`
}

/** The alarm that an id as a cause names, and when it was raised; `undefined` where it is no such id. */
export function alarmOfCauseId(id: string): Pick<AlarmRow, 'source' | 'alarmId' | 'raisedAt'> | undefined {
  // No source holds "/"; an alarm's own id may hold anything.
  const found = /^([^/]+)\/(.+)@([^@]+)$/s.exec(id)
  const [, source, alarmId, raisedAt] = found ?? []
  if (source === undefined || alarmId === undefined || raisedAt === undefined) return undefined
  return { source, alarmId, raisedAt }
}
