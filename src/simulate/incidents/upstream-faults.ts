import type { CauseRef } from '../../../schemas/attribution.ts'
import { alarmRun } from '../alarm-run.ts'
import { between, chance, pick } from '../draws.ts'
import type { SimulatedEvent } from '../feed-event.ts'
import type { Effect } from '../incident.ts'
import { siteEffect, type IncidentMaker, type Scene } from '../incident-scene.ts'
import type { SimSite } from '../sim-inventory.ts'
import {
  aggregationOutage,
  batteryDischarge,
  feederFailure,
  lowBattery,
  mainsFailure,
  siteOutage,
} from '../vocabulary.ts'
import { alarmOn, outageAlarms, siteFault, spanOf } from './site-faults.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** An aggregation element fails and takes its sites with it; their alarms come in any order, its own often last. */
export const storm: IncidentMaker = (scene) => {
  const { world, random } = scene
  const aggregations = [...world.inventory.sitesOfAggregation]
  if (aggregations.length === 0) return siteFault(scene)
  const [aggregationId, sites] = pick(random, aggregations)
  const network = sites[0]?.network ?? ''
  const span = spanOf(scene, 20 * minuteMs, 2.5 * hourMs)
  const own = alarmOn(scene, aggregationId, network, span, pick(random, aggregationOutage), { root: true })
  return takenAlong(scene, 'storm', sites, own, (site) => {
    const later = {
      fromMs: span.fromMs + between(random, 0, 4 * minuteMs),
      toMs: span.toMs + between(random, 0, 6 * minuteMs),
    }
    const alarm = alarmOn(scene, site.id, site.network, later, pick(random, siteOutage))
    return { ...alarm, span: later }
  })
}

/** A mains feeder fails: neighbouring sites of every network go over to batteries, and some batteries do not last. */
export const feederFault: IncidentMaker = (scene) => {
  const { world, random } = scene
  const feeders = [...world.inventory.sitesOfPower]
  if (feeders.length === 0) return powerFault(scene)
  const [feederId, sites] = pick(random, feeders)
  const span = spanOf(scene, hourMs, 5 * hourMs)
  const own = alarmRun(
    world.params.delivery,
    { elementId: feederId, network: 'power', ...span, words: feederFailure },
    random,
    { root: true },
  )
  return takenAlong(scene, 'power-fault', sites, own, (site) => onBattery(scene, site, span, 0.6))
}

/** One site loses its mains. Half of the time power is back before the battery is empty, and nobody notices. */
export const powerFault: IncidentMaker = (scene) => {
  const { world, random } = scene
  const site = pick(random, world.inventory.sites)
  const span = spanOf(scene, 40 * minuteMs, 5 * hourMs)
  return takenAlong(scene, 'power-fault', [site], { facts: [], refs: [] }, () =>
    onBattery(scene, site, span, 0.5),
  )
}

interface Taken {
  readonly facts: readonly SimulatedEvent[]
  readonly refs: readonly CauseRef[]
  /** When its customers had no service; left out: they always had. */
  readonly span?: { readonly fromMs: number; readonly toMs: number }
}

function takenAlong(
  scene: Scene,
  kind: 'storm' | 'power-fault',
  sites: readonly SimSite[],
  root: Pick<Taken, 'facts' | 'refs'>,
  take: (site: SimSite) => Taken,
): ReturnType<IncidentMaker> {
  const facts = [...root.facts]
  const effects: Effect[] = []
  let endMs = scene.startMs
  for (const site of sites) {
    const taken = take(site)
    facts.push(...taken.facts)
    if (taken.span === undefined) continue
    endMs = Math.max(endMs, taken.span.toMs)
    effects.push(siteEffect(scene, site, kind, taken.span, [...root.refs, ...taken.refs]))
  }
  return { id: scene.id, endMs, facts, effects }
}

/** Mains, then battery, then (of `emptyShare`) low battery and out of service: in that order, power first. */
function onBattery(
  scene: Scene,
  site: SimSite,
  mains: { readonly fromMs: number; readonly toMs: number },
  emptyShare: number,
): Taken {
  const { random } = scene
  const hit = {
    fromMs: mains.fromMs + between(random, 0, minuteMs),
    toMs: mains.toMs + between(random, 0, 2 * minuteMs),
  }
  const runs = [
    alarmOn(scene, site.id, site.network, hit, pick(random, mainsFailure)),
    alarmOn(scene, site.id, site.network, { ...hit, fromMs: hit.fromMs + minuteMs }, batteryDischarge),
  ]
  if (!chance(random, emptyShare))
    return { facts: runs.flatMap(({ facts }) => facts), refs: runs.flatMap(({ refs }) => refs) }
  const emptyMs = hit.fromMs + (hit.toMs - hit.fromMs) * between(random, 0.15, 0.6)
  const lowMs = emptyMs - (emptyMs - hit.fromMs) * between(random, 0.05, 0.4)
  const out = { fromMs: emptyMs, toMs: hit.toMs + between(random, minuteMs, 10 * minuteMs) }
  runs.push(alarmOn(scene, site.id, site.network, { ...hit, fromMs: lowMs }, lowBattery))
  runs.push(...outageAlarms(scene, site, out))
  return {
    facts: runs.flatMap(({ facts }) => facts),
    refs: runs.flatMap(({ refs }) => refs),
    span: out,
  }
}
