import { actById } from '../../projections/act.ts'
import { subjectsOf, type Subject } from '../../projections/event-subjects.ts'
import { regionGround, type RegionGround } from '../../projections/region-ground.ts'
import type { RegionView, Thing } from '../../projections/region-view.ts'
import { rowsInRegions } from '../../projections/rows-in-regions.ts'
import { rowsAsOf } from '../../projections/rows.ts'
import type { LiveEyes } from '../pipeline/live-eyes.ts'
import type { Event } from '../../schemas/event.ts'
import type { Config } from '../config/config.ts'
import type { Caller } from './caller.ts'
import { notFound, ProblemError } from './problem.ts'
import { historyOf, readModelsFollow } from './record.ts'
import type { OnBehalf, Services } from './services.ts'
import { isThere } from './thing-asked-for.ts'

/** Of the whole network: what is not there is found missing by whoever looks for it. */
const freely: Reach = {
  sees: async () => true,
  mustSee: async () => {},
  mustHold: async () => {},
  mustReach: async () => {},
}

export function onBehalfOf(services: Services, caller: Caller): OnBehalf {
  const ground = groundOf(services.config, caller.regions)
  const wholeRows = services.rows
  if (ground === undefined) return { ...services, ...freely, caller, wholeRows }
  const rows = rowsInRegions(wholeRows, { ground, actor: caller.actor })
  const reach = createReach(services, caller, rows.view, ground)
  return {
    ...services,
    ...reach,
    caller,
    wholeRows,
    ground,
    rows,
    writer: {
      ...services.writer,
      write: async (events) => {
        for (const event of events) await reach.mustReach(event)
        return services.writer.write(events)
      },
    },
  }
}

const prepared = new WeakMap<Config['regions'], Map<string, RegionGround>>()

/** The ground of the regions of these ids, prepared once; `undefined` is the whole network. */
export function groundOf(
  { regions }: Pick<Config, 'regions'>,
  ids: readonly string[] | undefined,
): RegionGround | undefined {
  if (ids === undefined) return undefined
  const known = prepared.get(regions) ?? new Map<string, RegionGround>()
  prepared.set(regions, known)
  const name = regionsName(ids)
  const ground =
    known.get(name) ?? regionGround(regions.flatMap(({ id, area }) => (ids.includes(id) ? [area] : [])))
  known.set(name, ground)
  return ground
}

/** What the live feed shows of the caller's regions; what they recorded elsewhere is not in it. */
export function liveEyesOf({ config, rows }: Services, { regions }: Caller): LiveEyes | undefined {
  const ground = groundOf(config, regions)
  if (ground === undefined || regions === undefined) return undefined
  return { name: regionsName(regions), rows: () => rowsAsOf(rowsInRegions(rows, { ground }), undefined) }
}

/** The same for the same regions in whatever order. */
function regionsName(ids: readonly string[]): string {
  return [...new Set(ids)].sort().join(',')
}

type Reach = Pick<OnBehalf, 'sees' | 'mustSee' | 'mustHold' | 'mustReach'>

function createReach(services: Services, caller: Caller, view: RegionView, ground: RegionGround): Reach {
  /** Complaints recorded by this very request: no read model need hold them yet. */
  const recorded = new Set<string>()
  const passed = new WeakSet<Event>()

  const isSeen = async (thing: Thing): Promise<boolean> => {
    if (thing.kind === 'complaint' && recorded.has(thing.id)) return true
    if (view.standing(thing) !== 'outside') return true
    // Whoever has just recorded something may go on with it before the read models hold it.
    await readModelsFollow(services)
    if (view.standing(thing) !== 'outside') return true
    return thing.kind === 'complaint' && (await wasRecordedBy(services, thing.id, caller.actor))
  }
  const mustSee = async (thing: Thing): Promise<void> => {
    if (await isSeen(thing)) return
    const audited = { reason: 'region', thing } as const
    throw notFound(thing.kind, thing.id, undefined, isThere(services.rows, thing) ? { audited } : {})
  }
  const mustHold = async (thing: Thing): Promise<void> => {
    await mustSee(thing)
    if (view.standing(thing) !== 'shared') return
    throw beyond(caller, `${thing.kind} ${thing.id} lies only in part there`, thing)
  }
  const mustBeFree = (thing: Thing): void => {
    if (!isThere(services.rows, thing) || view.standing(thing) === 'inside') return
    throw new ProblemError(409, `The id ${thing.id} is taken; give this ${thing.kind} another.`)
  }
  const mustUndo = async (eventId: string): Promise<void> => {
    const act = actById(rowsAsOf(services.rows, undefined), eventId)?.act
    if (act === undefined) throw notFound('act of a person', eventId)
    const hidden = notFound('act of a person', eventId, undefined, { audited: { reason: 'region' } })
    const subjects = subjectsOf({ ...act, meta: { source: '' } })
    for (const subject of subjects) {
      if ('thing' in subject && !(await isSeen(subject.thing))) throw hidden
    }
    for (const subject of subjects)
      await mustMeet(subject.need === 'new' ? { ...subject, need: 'held' } : subject)
  }
  const mustMeet = async (subject: Subject): Promise<void> => {
    switch (subject.need) {
      case 'held':
        return mustHold(subject.thing)
      case 'seen':
        return mustSee(subject.thing)
      case 'new':
        return mustBeFree(subject.thing)
      case 'ground':
        if (ground.covers(subject.area)) return
        throw beyond(caller, 'the area lies at least in part outside')
      case 'point':
        if (ground.holds(subject.point)) return
        throw beyond(caller, `the place ${subject.point.join(', ')} lies outside`)
      case 'act':
        return mustUndo(subject.eventId)
      case 'whole':
        throw beyond(caller, subject.why)
    }
  }
  return {
    sees: isSeen,
    mustSee,
    mustHold,
    mustReach: async (event) => {
      if (passed.has(event)) return
      for (const subject of subjectsOf(event)) await mustMeet(subject)
      passed.add(event)
      if (event.type === 'ComplaintReceived') recorded.add(event.data.complaintId)
    },
  }
}

/** By the log, which knows before the read models do. */
export async function wasRecordedBy(
  { log }: Pick<Services, 'log'>,
  complaintId: string,
  actor: string,
): Promise<boolean> {
  const history = await historyOf(log, `complaint-${complaintId}`)
  return history.find(({ type }) => type === 'ComplaintReceived')?.meta.actor === actor
}

function beyond({ actor, regions = [] }: Caller, why: string, thing?: Thing): ProblemError {
  return new ProblemError(
    403,
    `${actor} works for ${regions.join(', ')}: ${why}. Somebody for the whole network, or for all regions that it lies in, has to do this.`,
    { more: { regions }, audited: { reason: 'region', thing } },
  )
}
