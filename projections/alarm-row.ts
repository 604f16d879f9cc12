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

export const alarms = table<AlarmRow>('alarm')
export const alarmKinds = table<AlarmKindRow>('alarm.kind')
