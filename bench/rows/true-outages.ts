import { wholeSeconds, type SimulatedEvent } from '../../src/simulate/feed-event.ts'
import type { Effect } from '../../src/simulate/incident.ts'
import { hoursOfDay, type DayParams } from '../../src/simulate/simulate-day.ts'
import { simulatedHour } from '../../src/simulate/simulated-hours.ts'
import type { TroubleKind } from '../../src/simulate/sim-params.ts'
import type { SimWorld } from '../../src/simulate/sim-world.ts'
import { complaintsOf, takenForNetwork } from '../../src/simulate/summary.ts'

/**
 * A true outage: one root cause of the truth that did something to customers and was noticed, because one of them complained (and was
 * taken for the network's) or because an alarm came of an element that served nobody.
 */
export interface TrueOutage {
  readonly id: string
  readonly kind: TroubleKind
  /** What of it the feeds showed, as `kind:id`. */
  readonly refs: ReadonlySet<string>
  /** When the first complaint or such alarm was heard of. */
  readonly noticedMs: number
  /** When the first complaint was; absent where none came. */
  readonly complainedMs?: number
}

/** A cause as one text. */
export function refKey({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind}:${id}`
}

/** The true outages of a simulated day, those that began in the hours before it too. */
export function trueOutagesOf(
  world: SimWorld,
  day: Pick<DayParams, 'startMs' | 'days'>,
  simulated: readonly SimulatedEvent[],
): TrueOutage[] {
  const complainedMs = firstComplaints(simulated)
  const raisedMs = new Map<string, number>()
  for (const { event } of simulated) {
    if (event.type !== 'AlarmRaised') continue
    const ref = `alarm:${event.source}/${event.data.alarmId}@${event.occurredAt}`
    raisedMs.set(ref, Date.parse(event.recordedAt))
  }
  return hoursOfDay(day).flatMap((hour) =>
    simulatedHour(world, hour).incidents.flatMap(({ id, effects }): TrueOutage[] => {
      const [first] = effects
      if (first === undefined) return []
      const complained = complainedMs.get(id) ?? Infinity
      const alarmed = Math.min(...effects.flatMap(downRefs).map((ref) => raisedMs.get(ref) ?? Infinity))
      const noticedMs = Math.min(complained, alarmed)
      if (noticedMs === Infinity) return []
      const refs = new Set(effects.flatMap(({ accepted }) => accepted.map(refKey)))
      const heard = complained === Infinity ? {} : { complainedMs: complained }
      return [{ id, kind: first.kind, refs, noticedMs, ...heard }]
    }),
  )
}

function firstComplaints(simulated: readonly SimulatedEvent[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>()
  for (const complaint of complaintsOf(simulated)) {
    const { outageId } = complaint.truth
    if (outageId === undefined || !takenForNetwork(complaint)) continue
    const heardMs = Date.parse(complaint.event.recordedAt)
    first.set(outageId, Math.min(heardMs, first.get(outageId) ?? Infinity))
  }
  return first
}

/** The alarms of what served nobody: those of mains and batteries came before, while customers noticed nothing. */
function downRefs({ profile, kind, accepted, fromMs }: Effect): string[] {
  if (profile !== 'down') return []
  const outSince = wholeSeconds(fromMs)
  return accepted
    .filter(
      (ref) => ref.kind === 'alarm' && (kind !== 'power-fault' || (ref.id.split('@')[1] ?? '') >= outSince),
    )
    .map(refKey)
}
