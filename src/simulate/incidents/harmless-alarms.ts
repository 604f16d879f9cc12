import { chance, exponential, pick } from '../draws.ts'
import type { IncidentMaker } from '../incident-scene.ts'
import { harmless } from '../vocabulary.ts'
import { alarmOn } from './site-faults.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const maxSpanMs = 30 * hourMs

/** An alarm that hurts nobody: a door, a fan, a licence. Some last minutes, some the whole day. */
export const harmlessAlarm: IncidentMaker = (scene) => {
  const { world, startMs, random, id } = scene
  const site = pick(random, world.inventory.sites)
  const meanMs = chance(random, 0.5) ? 30 * minuteMs : 6 * hourMs
  const toMs = startMs + Math.min(maxSpanMs, 2 * minuteMs + exponential(random, meanMs))
  const flapping = chance(random, world.params.delivery.flappingShare)
  const run = alarmOn(scene, site.id, site.network, { fromMs: startMs, toMs }, pick(random, harmless), {
    flapping,
  })
  return { id, endMs: toMs, facts: run.facts, effects: [] }
}
