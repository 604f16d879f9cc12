import { between, poisson } from './draws.ts'
import { callsOf } from './complaint-calls.ts'
import { byArrival, type SimulatedEvent } from './feed-event.ts'
import type { Incident } from './incident.ts'
import type { IncidentMaker, Scene } from './incident-scene.ts'
import { harmlessAlarm } from './incidents/harmless-alarms.ts'
import { advisory, cutoverWork } from './incidents/planned-works.ts'
import { cellFault, degradation, linkFlapping, siteFault, sleepingCell } from './incidents/site-faults.ts'
import { feederFault, powerFault, storm } from './incidents/upstream-faults.ts'
import { grouped } from './grouped.ts'
import type { Random } from './random.ts'
import type { IncidentKind } from './sim-params.ts'
import type { SimWorld } from './sim-world.ts'
import { standingCalls } from './standing-calls.ts'

const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** The longest that an incident is heard of after the hour in which it began, and before it. */
export const hoursHeardAfter = 48
export const hoursHeardBefore = 31

const makers: Readonly<Record<IncidentKind, IncidentMaker>> = {
  'site-fault': siteFault,
  'cell-fault': cellFault,
  storm,
  'power-fault': powerFault,
  'feeder-fault': feederFault,
  cutover: cutoverWork,
  degradation,
  'link-flap': linkFlapping,
  'sleeping-cell': sleepingCell,
  advisory,
  'harmless-alarm': harmlessAlarm,
}
const kinds = Object.keys(makers) as IncidentKind[]

/** Works are mostly done at night. */
const nightHours = 6
const nightWorkFactor = 2.2
const dayWorkFactor = 0.6
const worksBeginOnMs = 15 * minuteMs

/** Everything that begins in one hour: it depends on the world's seed and the hour alone. */
export interface SimulatedHour {
  readonly incidents: readonly Incident[]
  /** Facts and complaints, by the hour in which they are heard of. */
  readonly heardIn: ReadonlyMap<number, readonly SimulatedEvent[]>
}

/** `hour` counts from 1970. */
export function simulatedHour(world: SimWorld, hour: number): SimulatedHour {
  const startMs = hour * hourMs
  const incidents = kinds.flatMap((kind) => {
    const drawn = world.random.fork(`${kind}/${hour}`)
    return beginnings(world, kind, hour, drawn).map((atMs, index) => {
      const id = `${kind}/${hour}/${index}`
      const scene: Scene = { world, id, startMs: atMs, random: world.random.fork(id) }
      return makers[kind](scene)
    })
  })
  const calls = incidents.flatMap(({ effects }) =>
    effects.flatMap((effect) => callsOf(world, effect, world.random.fork(`calls/${effect.key}`))),
  )
  const standing = standingCalls(world, startMs, world.random.fork(`standing/${hour}`))
  const events = [...incidents.flatMap(({ facts }) => facts), ...calls, ...standing]
  return {
    incidents,
    heardIn: grouped(events, ({ event }) => Math.floor(Date.parse(event.recordedAt) / hourMs)),
  }
}

function beginnings(world: SimWorld, kind: IncidentKind, hour: number, random: Random): number[] {
  const { incidentsPerDay, everyMinutes, utcOffsetMinutes } = world.params
  const startMs = hour * hourMs
  const localHour = (hour + Math.floor(utcOffsetMinutes / 60)) % 24
  const factor = kind === 'cutover' ? (localHour < nightHours ? nightWorkFactor : dayWorkFactor) : 1
  const mean = (incidentsPerDay[kind] * factor * world.inventory.sites.length) / 100 / 24
  const byChance = Array.from({ length: poisson(random, mean) }, () => {
    const atMs = startMs + random.next() * hourMs
    return kind === 'cutover' ? Math.floor(atMs / worksBeginOnMs) * worksBeginOnMs : atMs
  })
  const everyMs = (everyMinutes[kind] ?? 0) * minuteMs
  if (everyMs === 0) return byChance
  const sure: number[] = []
  for (let slotMs = Math.ceil(startMs / everyMs) * everyMs; slotMs < startMs + hourMs; slotMs += everyMs)
    sure.push(slotMs + between(random, 0, Math.min(everyMs, hourMs) / 4))
  return [...sure, ...byChance]
}

/** Hours drawn once and kept while they are still heard of. */
export interface HourWindow {
  /** What is heard in one hour, by arrival. */
  heardIn(hour: number): SimulatedEvent[]
  readonly get: (hour: number) => SimulatedHour
}

/** `begins` limits the hours in which anything begins; left out, there is no end. */
export function hourWindow(
  world: SimWorld,
  begins?: { readonly from: number; readonly until: number },
): HourWindow {
  const kept = new Map<number, SimulatedHour>()
  const get = (hour: number): SimulatedHour => {
    const known = kept.get(hour)
    if (known !== undefined) return known
    const drawn = simulatedHour(world, hour)
    kept.set(hour, drawn)
    for (const old of kept.keys()) {
      if (old >= hour - hoursHeardAfter - hoursHeardBefore - 1) break
      kept.delete(old)
    }
    return drawn
  }
  return {
    get,
    heardIn: (hour) => {
      const first = Math.max(hour - hoursHeardAfter, begins?.from ?? -Infinity)
      const last = Math.min(hour + hoursHeardBefore, (begins?.until ?? Infinity) - 1)
      const heard: SimulatedEvent[] = []
      for (let begun = first; begun <= last; begun += 1) heard.push(...(get(begun).heardIn.get(hour) ?? []))
      return heard.sort(byArrival)
    },
  }
}
