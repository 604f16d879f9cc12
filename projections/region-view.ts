import { advisoryById } from './advisory.ts'
import { alarms } from './alarm-row.ts'
import { batchOfAdvisory, causeBatchById, eachMemberOfBatch } from './cause-batch.ts'
import { clusters } from './cluster.ts'
import { byCluster, byOutage, complaints, type ComplaintRow } from './complaint-row.ts'
import { cutoverById } from './cutover.ts'
import { elementStanding, together, type Standing } from './element-standing.ts'
import { candidateById, gapById } from './gap.ts'
import { key, prefix } from './key.ts'
import type { ListEntry } from './listing.ts'
import { headOf, partsOf } from './merged.ts'
import { orders } from './order.ts'
import { affectedElements } from './outage-extent.ts'
import { outages, type OutageRow } from './outage.ts'
import type { Table } from './projection.ts'
import type { RegionGround } from './region-ground.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'
import type { Area } from '../schemas/geo.ts'

/** Whose eyes: the regions' ground, and the person who also sees what they recorded themselves. */
export interface RegionScope {
  readonly ground: RegionGround
  readonly actor?: string | undefined
}

/** What a region's callers see and touch. An alarm's id is `source/alarmId`. */
export interface Thing {
  readonly kind:
    | 'complaint'
    | 'element'
    | 'alarm'
    | 'outage'
    | 'cluster'
    | 'cutover'
    | 'gap'
    | 'gap candidate'
    | 'advisory'
    | 'order'
    | 'batch'
  readonly id: string
}

/** The most members of one outage, cluster or batch that are looked at; beyond it, it is taken to lie in more than a region. */
export const maxMembersLookedAt = 20_000

export interface RegionView {
  /** `outside` also where there is no such thing. */
  standing(thing: Thing): Standing
  seesComplaint(row: ComplaintRow): boolean
}

/** What a rule may ask: unfiltered rows, and how things lie to the scope. */
export interface Looking {
  readonly rows: Rows
  readonly scope: RegionScope
  readonly view: RegionView
  readonly sees: (kind: Thing['kind'], id: string) => boolean
}

/** How things lie to a scope, by unfiltered rows. Remembers what was found to be seen, so it is for one request. */
export function regionView(rows: Rows, scope: RegionScope): RegionView {
  const { ground, actor } = scope
  const seen = new Map<string, Standing>()
  const remembered = (thing: Thing, find: () => Standing | undefined): Standing => {
    const name = `${thing.kind} ${thing.id}`
    const standing = seen.get(name) ?? find() ?? 'outside'
    // What is not there yet may be in a moment.
    if (standing !== 'outside') seen.set(name, standing)
    return standing
  }

  const ofElement = (id: string): Standing | undefined => {
    if (seen.has(`element ${id}`)) return seen.get(`element ${id}`)
    const standing = elementStanding(rows, ground, id)
    if (standing !== undefined && standing !== 'outside') seen.set(`element ${id}`, standing)
    return standing
  }
  const ofElements = (ids: readonly string[]) => ids.map((id) => ofElement(id) ?? 'outside')
  const ofArea = (area: Area | undefined): Standing | undefined => {
    if (area === undefined) return undefined
    if (!ground.meets(area)) return 'outside'
    return ground.covers(area) ? 'inside' : 'shared'
  }
  /** Where the trouble was; `undefined` where nobody said. */
  const ofComplaint = ({ facts: { place, servedBy } }: ComplaintRow): Standing | undefined => {
    if (place !== undefined) return ground.holds(place.location.point) ? 'inside' : 'outside'
    return servedBy === undefined ? undefined : ofElement(servedBy)
  }
  const isOwn = (row: { readonly actor: string }): boolean => row.actor === actor
  const seesComplaint = (row: ComplaintRow): boolean =>
    isOwn(row) || (ofComplaint(row) ?? 'outside') !== 'outside'

  /** Of complaints taken together; one that the caller recorded elsewhere makes them seen and no more. */
  const ofMembers = (ids: Iterable<string>): Standing | undefined => {
    let looked = 0
    function* standings(): Generator<Standing | undefined> {
      for (const id of ids) {
        looked += 1
        if (looked > maxMembersLookedAt) {
          yield 'shared'
          return
        }
        const row = rowOf(rows, complaints, key(id))
        if (row === undefined) continue
        const standing = ofComplaint(row)
        yield isOwn(row) && standing !== 'inside' ? 'shared' : standing
      }
    }
    return together(standings())
  }
  const listed = function* (list: Table<ListEntry>, parts: readonly string[]): Generator<string> {
    for (const part of parts) for (const { id } of eachRow(rows, list, prefix(part))) yield id
  }

  /** Whoever has all of an outage's network has the outage, wherever its callers are. */
  const ofOutage = (id: string): Standing | undefined => {
    const parts = partsOf(rows, outages, id)
    const network = together(networkOf(parts))
    if (network === 'inside' || network === 'shared') return network
    const members = ofMembers(listed(byOutage, parts))
    return network === undefined || members === undefined
      ? (members ?? network)
      : together([network, members])
  }
  function* networkOf(parts: readonly string[]): Generator<Standing | undefined> {
    const row = rowOf(rows, outages, key(parts[0] ?? ''))
    if (row === undefined) return
    if (row.elementId !== undefined) yield ofElement(row.elementId)
    yield ofCause(row)
    let looked = 0
    for (const part of parts) {
      for (const { elementId } of eachRow(rows, affectedElements, prefix(part))) {
        yield ofElement(elementId)
        looked += 1
        if (looked > maxMembersLookedAt) yield 'shared'
      }
    }
  }
  const ofCause = ({ root: { kind, id } }: OutageRow): Standing | undefined => {
    if (kind === 'cutover') return ofCutover(id)
    return kind === 'advisory' ? ofAdvisory(id) : undefined
  }
  const ofCutover = (id: string): Standing | undefined => {
    const plan = cutoverById(rows, id)?.plan
    return plan && together([...ofElements(plan.elementIds), ofArea(plan.area)])
  }
  const ofAdvisory = (id: string): Standing | undefined => {
    const row = advisoryById(rows, id)
    if (row === undefined) return undefined
    const standing = together([...ofElements(row.facts.elementIds), ofArea(row.facts.area)])
    const batchId = batchOfAdvisory(id)
    if (standing !== undefined || batchId === undefined)
      return standing ?? (isOwn(row) ? 'inside' : undefined)
    return ofBatch(batchId)
  }
  const ofAlarm = (id: string): Standing | undefined => {
    const [source = ''] = id.split('/', 1)
    const row = rowOf(rows, alarms, key(source, id.slice(source.length + 1)))
    return row && ofElement(row.elementId)
  }
  const ofBatch = (id: string): Standing | undefined => {
    if (causeBatchById(rows, id) === undefined) return undefined
    const members = function* () {
      for (const { complaintId } of eachMemberOfBatch(rows, id)) yield complaintId
    }
    return ofMembers(members())
  }

  const find = ({ kind, id }: Thing): Standing | undefined => {
    switch (kind) {
      case 'complaint': {
        const row = rowOf(rows, complaints, key(id))
        return row !== undefined && seesComplaint(row) ? 'inside' : undefined
      }
      case 'element':
        return ofElement(id)
      case 'alarm':
        return ofAlarm(id)
      case 'outage':
        return ofOutage(id)
      case 'cluster':
        return ofMembers(listed(byCluster, partsOf(rows, clusters, id)))
      case 'cutover':
        return ofCutover(id)
      case 'gap':
        return ofArea(gapById(rows, id)?.facts.area)
      case 'gap candidate':
        return ofArea(candidateById(rows, id)?.area)
      case 'advisory':
        return ofAdvisory(id)
      case 'order': {
        const about = rowOf(rows, orders, key(id))?.about ?? []
        return together(about.map((subject) => standing(subject)))
      }
      case 'batch':
        return ofBatch(id)
    }
  }
  const standing = ({ kind, id }: Thing): Standing => {
    // What was merged is seen wherever the whole of it is.
    const whole =
      kind === 'outage' ? headOf(rows, outages, id) : kind === 'cluster' ? headOf(rows, clusters, id) : id
    const thing = { kind, id: whole }
    return remembered(thing, () => find(thing))
  }
  return { standing, seesComplaint }
}
