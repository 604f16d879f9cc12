import { feedEvent, type SimulatedEvent } from './feed-event.ts'
import type { Random } from './random.ts'
import type { SimInventory } from './sim-inventory.ts'
import type { SimulationParams } from './sim-params.ts'
import { hourMs, hoursHeardAfter, hoursHeardBefore, hourWindow } from './simulated-hours.ts'
import { simWorld, type SimWorld } from './sim-world.ts'

export interface DayParams extends SimulationParams {
  /** Full hours count: it is taken back to the last one. */
  readonly startMs: number
  readonly days: number
}

/** Faults that began in these hours before the start are still going on, or still being complained about. */
const warmUpHours = 24

/**
 * A seeded day (or several) over an inventory: the inventory's own events, the gaps, what was already going on, then
 * everything that begins within the days, followed until the last is heard of. By arrival. The same parameters,
 * inventory and seed give the same events.
 */
export function simulateDay(
  params: DayParams,
  inventory: SimInventory,
  random: Random,
): Iterable<SimulatedEvent> {
  return simulateWorldDay(params, simWorld(params, inventory, random))
}

/** `simulateDay` over a world that is at hand already. */
export function* simulateWorldDay(
  { startMs, days }: Pick<DayParams, 'startMs' | 'days'>,
  world: SimWorld,
): Iterable<SimulatedEvent> {
  const startHour = Math.floor(startMs / hourMs)
  const begins = { from: startHour - warmUpHours, until: startHour + days * 24 }
  for (const event of world.inventory.events) yield { event }
  yield* gapReports(world, (begins.from - hoursHeardBefore - 2) * hourMs)
  const hours = hourWindow(world, begins)
  for (let hour = begins.from - hoursHeardBefore; hour < begins.until + hoursHeardAfter; hour += 1) {
    for (const simulated of hours.heardIn(hour)) {
      if (hour < startHour && simulated.truth !== undefined) continue
      yield simulated
    }
  }
}

/** The hours in which the incidents of a day began. */
export function hoursOfDay({ startMs, days }: Pick<DayParams, 'startMs' | 'days'>): readonly number[] {
  const startHour = Math.floor(startMs / hourMs)
  return Array.from({ length: warmUpHours + days * 24 }, (_, index) => startHour - warmUpHours + index)
}

/** The gaps that planning knows of. */
export function gapReports(world: SimWorld, recordedMs: number): SimulatedEvent[] {
  return world.gaps
    .filter(({ hidden }) => !hidden)
    .map(({ id, report }) => ({
      event: feedEvent('CoverageGapReported', 'planning', recordedMs, recordedMs, id, report),
    }))
}

/** When an inventory must have been registered to come before everything else of a day. */
export function inventoryRegisteredMs(startMs: number): number {
  return (Math.floor(startMs / hourMs) - warmUpHours - hoursHeardBefore - 3) * hourMs
}
