import { between, chance, hexId, pick, pickWeighted } from '../draws.ts'
import { feedEvent, wholeSeconds, type SimulatedEvent } from '../feed-event.ts'
import type { Effect } from '../incident.ts'
import { expectedOf, siteEffect, type IncidentMaker } from '../incident-scene.ts'
import { moved } from '../flat-earth.ts'
import { outageAlarms, spanOf } from './site-faults.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const works = 'works'
/** The longest that a work is known before it begins; `maxLeadMs` in the hours' window covers it. */
const leadMs = { least: 2 * hourMs, most: 30 * hourMs }
const withoutOutageShare = 0.2

type Course = 'planned' | 'silent' | 'overrun' | 'moved' | 'cancelled'

/** Planned work on a site. It may overrun, move or be cancelled, and many a crew never says when it begins or ends. */
export const cutoverWork: IncidentMaker = (scene) => {
  const { world, startMs, random, id } = scene
  const site = pick(random, world.inventory.sites)
  const cutoverId = `CO-${hexId(random, 6)}`
  const { overrunShare } = world.params
  const course: Course = pickWeighted(random, {
    planned: 0.45,
    silent: 0.2,
    // Of all five this is the share, the others being to each other as they stand here.
    overrun: (0.83 * overrunShare) / (1 - overrunShare),
    moved: 0.1,
    cancelled: 0.08,
  })
  const windowMs = between(random, hourMs, 4 * hourMs) * world.params.durationFactor
  const saidMs = startMs - between(random, leadMs.least, leadMs.most)
  const facts: SimulatedEvent[] = []
  const planned = { plannedStart: wholeSeconds(startMs), plannedEnd: wholeSeconds(startMs + windowMs) }
  facts.push({
    event: feedEvent('CutoverPlanned', works, saidMs, saidMs + minuteMs, cutoverId, {
      cutoverId,
      title: `${site.name} 割接`,
      elementIds: [site.id],
      ...planned,
      work: pick(random, ['migration', 'swap', 'upgrade', 'maintenance'] as const),
      services: ['mobile'],
    }),
  })
  if (course === 'cancelled') {
    const atMs = startMs - between(random, 10 * minuteMs, leadMs.least)
    const event = feedEvent('CutoverCancelled', works, atMs, atMs + minuteMs, cutoverId, { cutoverId })
    return { id, endMs: startMs, facts: [...facts, { event }], effects: [] }
  }
  const beginMs = course === 'moved' ? startMs + between(random, 2 * hourMs, 5 * hourMs) : startMs
  if (course === 'moved') {
    const atMs = startMs - between(random, 10 * minuteMs, leadMs.least)
    const event = feedEvent('CutoverRescheduled', works, atMs, atMs + minuteMs, cutoverId, {
      cutoverId,
      plannedStart: wholeSeconds(beginMs),
      plannedEnd: wholeSeconds(beginMs + windowMs),
    })
    facts.push({ event })
  }
  const outFromMs = beginMs + windowMs * between(random, 0.05, 0.3)
  const outToMs =
    course === 'overrun'
      ? beginMs + windowMs + between(random, 20 * minuteMs, 2.5 * hourMs) * world.params.durationFactor
      : beginMs + windowMs * between(random, 0.4, 0.95)
  const out = { fromMs: outFromMs, toMs: outToMs }
  if (course !== 'silent') {
    const started = feedEvent('CutoverStarted', works, beginMs, beginMs + 2 * minuteMs, cutoverId, {
      cutoverId,
    })
    const doneMs = outToMs + between(random, 2 * minuteMs, 10 * minuteMs)
    const finished = feedEvent('CutoverFinished', works, doneMs, doneMs + 2 * minuteMs, cutoverId, {
      cutoverId,
    })
    facts.push({ event: started }, { event: finished })
  }
  if (chance(random, withoutOutageShare)) return { id, endMs: outToMs, facts, effects: [] }
  const runs = chance(random, 0.65) ? outageAlarms(scene, site, out) : []
  facts.push(...runs.flatMap((run) => run.facts))
  const refs = [{ kind: 'cutover' as const, id: cutoverId }, ...runs.flatMap((run) => run.refs)]
  return { id, endMs: outToMs, facts, effects: [siteEffect(scene, site, 'cutover', out, refs)] }
}

const advisoryTypes = ['光缆中断', '市电停电', '市政施工'] as const

/** Trouble that operations knows of from people: a cut fibre, a district without power. Published by hand, mostly late. */
export const advisory: IncidentMaker = (scene) => {
  const { world, random, id } = scene
  const site = pick(random, world.inventory.sites)
  const span = spanOf(scene, hourMs, 5 * hourMs)
  const advisoryId = `AD-${hexId(random, 6)}`
  const aside = 0.5 * site.radiusMeters
  const center = moved(site.point, between(random, -aside, aside), between(random, -aside, aside))
  const radiusMeters = Math.round(site.radiusMeters * between(random, 0.6, 1.2))
  const saidMs = span.fromMs + between(random, 5 * minuteMs, 60 * minuteMs)
  const type = pick(random, advisoryTypes)
  const published = feedEvent('AdvisoryPublished', 'operations', saidMs, saidMs + minuteMs, advisoryId, {
    advisoryId,
    advisoryType: type,
    title: `${site.name} ${type}`,
    area: { kind: 'circle', center: [center[0], center[1]], radiusMeters },
    network: site.network,
    from: wholeSeconds(span.fromMs),
    ...(chance(random, 0.5) ? { to: wholeSeconds(span.toMs) } : {}),
    outage: { services: ['mobile'] },
  })
  const withdrawn = feedEvent(
    'AdvisoryWithdrawn',
    'operations',
    span.toMs,
    span.toMs + 10 * minuteMs,
    advisoryId,
    {
      advisoryId,
    },
  )
  const effect: Effect = {
    key: id,
    kind: 'advisory',
    reach: { kind: 'circle', center, radiusMeters },
    network: site.network,
    ...span,
    sudden: true,
    expectedComplaints: expectedOf(world, 'advisory', span, 1, random),
    profile: 'down',
    accepted: [{ kind: 'advisory', id: advisoryId }],
    outageId: id,
  }
  const facts = saidMs < span.toMs ? [{ event: published }, { event: withdrawn }] : [{ event: published }]
  return { id, endMs: span.toMs, facts, effects: [effect] }
}
