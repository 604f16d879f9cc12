import { demoCity } from './demo-city.ts'
import type { SimulatedEvent } from './feed-event.ts'
import { hourMs, hourWindow } from './simulated-hours.ts'
import type { SimWorld } from './sim-world.ts'

/**
 * The life of the demonstration city from a moment on, by arrival, without end. What is heard in an hour depends on the
 * seed and the hour alone: a stream from a later moment is the rest of one from an earlier moment.
 */
export function* demoStream(
  seed: string,
  fromMs: number,
  world: SimWorld = demoCity(seed).world,
): Generator<SimulatedEvent, never> {
  const hours = hourWindow(world)
  for (let hour = Math.floor(fromMs / hourMs); ; hour += 1) {
    for (const simulated of hours.heardIn(hour)) {
      if (Date.parse(simulated.event.recordedAt) >= fromMs) yield simulated
    }
  }
}
