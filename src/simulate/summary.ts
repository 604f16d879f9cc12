import type { ComplaintTruth, FeedEvent, SimulatedEvent } from './feed-event.ts'
import type { Effect } from './incident.ts'
import { naiveBaseline } from './naive-baseline.ts'
import { overlapShare } from './overlap.ts'
import { hoursOfDay, type DayParams } from './simulate-day.ts'
import { simulatedHour } from './simulated-hours.ts'
import type { SimWorld } from './sim-world.ts'

/** How hard a simulated day is. Shares are parts of one. */
export interface Summary {
  readonly events: number
  readonly complaints: number
  /** Those that intake takes for the network's: the ones that are scored. */
  readonly networkComplaints: number
  /** Of these, caused by something that left a trace in the events. */
  readonly causedShare: number
  readonly alarms: number
  /** Alarms of which no customer notices anything. */
  readonly harmlessAlarmShare: number
  /** Network complaints of which the naive baseline names the cause, or rightly none. */
  readonly naiveTop1: number
  /** Network complaints that two or more live causes could explain. */
  readonly overlapShare: number
}

export interface ToldComplaint {
  readonly event: FeedEvent<'ComplaintReceived'>
  readonly truth: ComplaintTruth
}

export function summarise(
  world: SimWorld,
  day: Pick<DayParams, 'startMs' | 'days'>,
  simulated: readonly SimulatedEvent[],
): Summary {
  const events = simulated.map(({ event }) => event)
  const complaints = complaintsOf(simulated)
  const asked = complaints.filter(takenForNetwork)
  const effects = effectsOfDay(world, day)
  const naive = naiveBaseline(events)
  const right = asked.filter(({ truth }) => isRight(truth, naive.get(truth.complaintId)))
  const alarmIds = events.flatMap((event) =>
    event.type === 'AlarmRaised' ? [`${event.source}/${event.data.alarmId}@${event.occurredAt}`] : [],
  )
  const hurting = new Set(effects.flatMap(({ accepted }) => accepted.map(({ id }) => id)))
  const part = (some: number, all: number): number => (all === 0 ? 0 : some / all)
  return {
    events: events.length,
    complaints: complaints.length,
    networkComplaints: asked.length,
    causedShare: part(asked.filter(({ truth }) => truth.accepted.length > 0).length, asked.length),
    alarms: alarmIds.length,
    harmlessAlarmShare: part(alarmIds.filter((id) => !hurting.has(id)).length, alarmIds.length),
    naiveTop1: part(right.length, asked.length),
    overlapShare: overlapShare(world, effects, asked),
  }
}

export function complaintsOf(simulated: readonly SimulatedEvent[]): ToldComplaint[] {
  return simulated.flatMap(({ event, truth }) =>
    event.type === 'ComplaintReceived' && truth !== undefined ? [{ event, truth }] : [],
  )
}

/** Intake has not set it aside as a matter of the account or the handset. */
export function takenForNetwork({ event }: ToldComplaint): boolean {
  return (event.data.scope ?? 'network') === 'network'
}

/** Everything that hit anyone in a day, traced or not. */
export function effectsOfDay(world: SimWorld, day: Pick<DayParams, 'startMs' | 'days'>): Effect[] {
  return hoursOfDay(day).flatMap((hour) =>
    simulatedHour(world, hour).incidents.flatMap(({ effects }) => effects),
  )
}

/** Names any trace of the true trouble; or nothing, where there is none. */
export function isRight(
  truth: ComplaintTruth,
  answer: { readonly kind: string; readonly id: string } | undefined,
): boolean {
  if (answer === undefined) return truth.accepted.length === 0
  return truth.accepted.some(({ kind, id }) => kind === answer.kind && id === answer.id)
}
