import { alarmRun, type AlarmRun } from '../alarm-run.ts'
import { between, chance, pick } from '../draws.ts'
import type { IncidentMaker, Scene } from '../incident-scene.ts'
import { siteEffect } from '../incident-scene.ts'
import type { SimSite } from '../sim-inventory.ts'
import {
  cellOutage,
  linkFlap,
  siteDegraded,
  siteInterface,
  siteOutage,
  siteTransmission,
  type AlarmWords,
} from '../vocabulary.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export function spanOf(
  { world, startMs, random }: Scene,
  leastMs: number,
  mostMs: number,
): { fromMs: number; toMs: number } {
  return { fromMs: startMs, toMs: startMs + between(random, leastMs, mostMs) * world.params.durationFactor }
}

/** One alarm of a site or cell for a span, delivered as the feed delivers. */
export function alarmOn(
  { world, random }: Scene,
  elementId: string,
  network: string,
  span: { readonly fromMs: number; readonly toMs: number },
  words: AlarmWords,
  options: { readonly root?: boolean; readonly flapping?: boolean } = {},
): AlarmRun {
  return alarmRun(world.params.delivery, { elementId, network, ...span, words }, random, options)
}

/** A whole site stops serving: the equipment or its transmission. Its interface and cells complain as well. */
export const siteFault: IncidentMaker = (scene) => {
  const { world, random } = scene
  const site = pick(random, world.inventory.sites)
  const span = spanOf(scene, 15 * minuteMs, 3 * hourMs)
  const flapping = chance(random, world.params.delivery.flappingShare)
  const runs = outageAlarms(scene, site, span, flapping)
  const refs = runs.flatMap((run) => run.refs)
  return {
    id: scene.id,
    endMs: span.toMs,
    facts: runs.flatMap((run) => run.facts),
    effects: [siteEffect(scene, site, 'site-fault', span, refs)],
  }
}

/** What a site that serves nobody says of itself, in the vendor's words and often in several. */
export function outageAlarms(
  scene: Scene,
  site: SimSite,
  span: { readonly fromMs: number; readonly toMs: number },
  flapping = false,
): AlarmRun[] {
  const { random } = scene
  const main = pick(random, chance(random, 0.3) ? siteTransmission : siteOutage)
  const runs = [alarmOn(scene, site.id, site.network, span, main, { flapping })]
  if (chance(random, 0.4)) {
    const later = { fromMs: span.fromMs + between(random, 0, 2 * minuteMs), toMs: span.toMs }
    runs.push(alarmOn(scene, site.id, site.network, later, siteInterface))
  }
  if (chance(random, 0.4)) {
    const words = pick(random, cellOutage)
    for (const cell of site.cells.slice(0, 3)) {
      const later = { fromMs: span.fromMs + between(random, 0, 3 * minuteMs), toMs: span.toMs }
      runs.push(alarmOn(scene, cell.id, site.network, later, words))
    }
  }
  return runs
}

/** One sector of a site is out. A site without cells in the inventory loses nothing that could be told apart. */
export const cellFault: IncidentMaker = (scene) => {
  const { world, random } = scene
  const site = pick(random, world.inventory.sites)
  const [cell] = site.cells.length === 0 ? [] : [pick(random, site.cells)]
  const span = spanOf(scene, 20 * minuteMs, 5 * hourMs)
  const flapping = chance(random, world.params.delivery.flappingShare)
  const run = alarmOn(scene, cell?.id ?? site.id, site.network, span, pick(random, cellOutage), { flapping })
  const where = cell === undefined ? {} : { cellId: cell.id }
  return {
    id: scene.id,
    endMs: span.toMs,
    facts: run.facts,
    effects: [siteEffect(scene, site, 'cell-fault', span, run.refs, where)],
  }
}

/** A site serves, but badly, often for most of a day. */
export const degradation: IncidentMaker = (scene) => {
  const { world, random } = scene
  const site = pick(random, world.inventory.sites)
  const span = spanOf(scene, 2 * hourMs, 20 * hourMs)
  const run = alarmOn(scene, site.id, site.network, span, pick(random, siteDegraded))
  return {
    id: scene.id,
    endMs: span.toMs,
    facts: run.facts,
    effects: [siteEffect(scene, site, 'degradation', span, run.refs, { sudden: false, profile: 'degraded' })],
  }
}

/** A link comes and goes: service is bad while it does. */
export const linkFlapping: IncidentMaker = (scene) => {
  const { world, random } = scene
  const site = pick(random, world.inventory.sites)
  const span = spanOf(scene, 10 * minuteMs, 2 * hourMs)
  const run = alarmOn(scene, site.id, site.network, span, linkFlap, { flapping: true })
  return {
    id: scene.id,
    endMs: span.toMs,
    facts: run.facts,
    effects: [siteEffect(scene, site, 'link-flap', span, run.refs, { sudden: false, profile: 'degraded' })],
  }
}

/** A cell that serves nobody and says nothing. Only complaints show it. */
export const sleepingCell: IncidentMaker = (scene) => {
  const { world, random } = scene
  const site = pick(random, world.inventory.sites)
  const [cell] = site.cells.length === 0 ? [] : [pick(random, site.cells)]
  const span = spanOf(scene, hourMs, 8 * hourMs)
  const where = cell === undefined ? {} : { cellId: cell.id }
  return {
    id: scene.id,
    endMs: span.toMs,
    facts: [],
    effects: [siteEffect(scene, site, 'sleeping-cell', span, [], where)],
  }
}
