import type { ComplaintScope } from '../../schemas/complaint.ts'
import { between, chance, exponential, hexId, pick, pickWeighted, poisson } from './draws.ts'
import {
  feedEvent,
  wholeSeconds,
  type ComplaintTruth,
  type SentData,
  type SimulatedEvent,
} from './feed-event.ts'
import type { Effect, Setting } from './incident.ts'
import type { Random } from './random.ts'
import { pointWithin } from './reach-point.ts'
import { symptomTables, type TroubleKind } from './sim-params.ts'
import type { SimWorld } from './sim-world.ts'
import {
  callDelayMs,
  settingOfGapShare,
  settingShares,
  stillOutPhase,
  stillOutShares,
  toldPlace,
  toldTime,
} from './telling.ts'

type Complaint = SentData<'ComplaintReceived'>

const crm = 'crm'
/** The part of those who notice a sudden trouble as it begins, and how soon they do. */
export const noticedAtOnceShare = 0.4
export const noticeMeanMs = 6 * 60_000
const repeatAfterMs = { least: 15 * 60_000, mean: 70 * 60_000 }
const maxRepeats = 2

/** Kinds whose first trace is that of what stands behind; the second is the nearest to the customer. */
const hasDeeperRoot: Readonly<Partial<Record<TroubleKind, true>>> = {
  storm: true,
  'power-fault': true,
  cutover: true,
}

/** The complaints that an effect gives rise to, with what is true of each. */
export function callsOf(world: SimWorld, effect: Effect, random: Random): SimulatedEvent[] {
  return Array.from({ length: poisson(random, effect.expectedComplaints) }).flatMap(() =>
    callsOfOne(world, effect, random),
  )
}

/** One customer's complaints: a first, and repeats. */
export function callsOfOne(world: SimWorld, effect: Effect, random: Random): SimulatedEvent[] {
  const timeMs = momentOf(effect, random)
  const point = pointWithin(world, effect.reach, random)
  // The letter keeps a reference of digits alone from looking like a telephone number.
  const customerRef = `c${hexId(random, 15)}`
  const truth = { point, time: wholeSeconds(timeMs) }
  const calls: SimulatedEvent[] = []
  let reportedMs = timeMs + callDelayMs(world, random)
  for (let repeats = 0; repeats <= maxRepeats; repeats += 1) {
    const complaintId = `C-${hexId(random, 12)}`
    const data = told(world, effect, { point, timeMs, reportedMs, customerRef, complaintId }, random)
    const recordedMs = reportedMs + between(random, 30_000, 240_000)
    calls.push({
      event: feedEvent('ComplaintReceived', crm, reportedMs, recordedMs, complaintId, data),
      truth: {
        complaintId,
        trouble: effect.kind,
        ...whatIsTrue(effect),
        ...truth,
        ...(repeats > 0 ? { repeat: true as const } : {}),
      },
    })
    if (!chance(random, world.params.telling.repeatShare)) break
    reportedMs += repeatAfterMs.least + exponential(random, repeatAfterMs.mean)
  }
  return calls
}

/** When a customer notices. */
function momentOf(effect: Effect, random: Random): number {
  const spanMs = effect.toMs - effect.fromMs
  if (effect.sudden && chance(random, noticedAtOnceShare)) {
    const sinceMs = exponential(random, noticeMeanMs)
    if (sinceMs < spanMs) return effect.fromMs + sinceMs
  }
  return effect.fromMs + spanMs * random.next()
}

function whatIsTrue(
  effect: Effect,
): Pick<ComplaintTruth, 'scope' | 'cause' | 'root' | 'accepted' | 'outageId' | 'hidden'> {
  const scope = scopeOf(effect)
  const [root] = effect.accepted
  const direct = (hasDeeperRoot[effect.kind] === true ? effect.accepted[1] : undefined) ?? root
  const shared = effect.kind === 'background' || scope !== 'network' ? {} : { outageId: effect.outageId }
  const element = effect.elementId === undefined ? {} : { elementId: effect.elementId }
  if (root === undefined || direct === undefined) {
    const hidden = shared.outageId === undefined ? {} : { hidden: effect.elementId ?? effect.outageId }
    return { scope, cause: { kind: 'none' }, accepted: [], ...shared, ...hidden }
  }
  return { scope, cause: { ...direct, ...element }, root, accepted: effect.accepted, ...shared }
}

function scopeOf(effect: Effect): ComplaintScope {
  if (effect.kind === 'not-network') return 'notNetwork'
  return effect.kind === 'customer-side' ? 'customerSide' : 'network'
}

interface Call {
  readonly point: ComplaintTruth['point']
  readonly timeMs: number
  readonly reportedMs: number
  readonly customerRef: string
  readonly complaintId: string
}

function told(world: SimWorld, effect: Effect, call: Call, random: Random): Complaint {
  const { telling } = world.params
  const place = toldPlace(world, call.point, random)
  const servedBy = chance(random, telling.servedByShare) ? lastServed(world, effect, call, random) : undefined
  const setting = chance(random, telling.settingShare) ? settingOf(effect, random) : undefined
  const stillOut = pickWeighted(
    random,
    stillOutShares[stillOutPhase(effect.kind, call.reportedMs, effect.toMs)],
  )
  const symptom = pickWeighted(random, symptomTables[effect.profile])
  return {
    complaintId: call.complaintId,
    customerRef: call.customerRef,
    service: 'mobile',
    ...(chance(random, telling.unknownNetworkShare) ? {} : { network: effect.network }),
    ...(chance(random, telling.unknownSymptomShare) ? {} : { symptom }),
    ...scopeTold(world, effect, random),
    trouble: toldTime(
      world,
      { kind: effect.kind, profile: effect.profile, timeMs: call.timeMs },
      call.reportedMs,
      random,
    ),
    reportedAt: wholeSeconds(call.reportedMs),
    ...(place === undefined ? {} : { place }),
    ...(setting === undefined ? {} : { setting }),
    stillOut,
    ...(servedBy === undefined ? {} : { servedBy }),
    channel: pickWeighted(random, { hotline: 0.75, app: 0.17, shop: 0.08 }),
  }
}

/** What intake makes of the call: it takes some troubles of bill and handset for the network's. */
function scopeTold(
  world: SimWorld,
  effect: Effect,
  random: Random,
): Pick<Complaint, 'scope' | 'accountState' | 'deviceState'> {
  const scope = scopeOf(effect)
  if (scope === 'network' || chance(random, world.params.telling.misjudgedShare)) return {}
  if (scope === 'notNetwork')
    return { scope, accountState: pick(random, ['barred', 'suspended', 'allowance-used'] as const) }
  return { scope, deviceState: pick(random, ['faulty', 'unregistered', 'unknown'] as const) }
}

function settingOf(effect: Effect, random: Random): Setting {
  const own = effect.reach.kind === 'circle' ? effect.reach.setting : undefined
  if (own !== undefined && chance(random, settingOfGapShare)) return own
  return pickWeighted(random, settingShares)
}

/** The cell that served last, or a neighbour's. */
function lastServed(world: SimWorld, effect: Effect, call: Call, random: Random): string | undefined {
  const { siteById, siteGrid } = world.inventory
  const serving =
    effect.reach.kind === 'site'
      ? siteById.get(effect.reach.siteId)
      : siteGrid.within(call.point, 5000).find(({ item }) => item.network === effect.network)?.item
  if (serving === undefined) return undefined
  const rivals = serving.rivals.filter(({ id }) => id !== serving.id)
  const right = rivals.length === 0 || chance(random, world.params.telling.servedByRight)
  const site = right ? serving : (siteById.get(pick(random, rivals).id) ?? serving)
  if (right && effect.reach.kind === 'site' && effect.reach.cellId !== undefined) return effect.reach.cellId
  return site.cells.length === 0 ? site.id : pick(random, site.cells).id
}
