import type { DataOf, Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Symptom } from '../../schemas/service.ts'
import type { Random } from '../../src/simulate/random.ts'
import type { CityOptions } from '../city-options.ts'
import { benchEvent } from './bench-event.ts'
import { drawCount, exponential, pick, pickOf } from './draw.ts'
import { awayFrom, sitesPerController, type Site } from './ground.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** How far from the site that serves them customers are when they are in town, and beyond. */
const townReachMeters = 400
const openReachMeters = 1_500
/**
 * Troubles gather: storms, heat and old equipment strike some towns, and there sites come and go. So a complaint, which is
 * most often about one of them, has some 65 live causes within 2 km, though there are only 9k in all.
 */
const troubledShare = 0.8

/** What alarms are about, how often, and how long they last on average. More than half of them hurt nobody. */
const alarmKinds = [
  {
    share: 0.3,
    probableCause: 'Door open',
    perceivedSeverity: 'MINOR',
    alarmType: 'ENVIRONMENTAL_ALARM',
    hours: 1,
  },
  {
    share: 0.22,
    probableCause: 'Fan failure',
    perceivedSeverity: 'MINOR',
    alarmType: 'EQUIPMENT_ALARM',
    hours: 5,
  },
  {
    share: 0.06,
    probableCause: 'Mains failure',
    perceivedSeverity: 'MAJOR',
    alarmType: 'ENVIRONMENTAL_ALARM',
    hours: 2,
  },
  {
    share: 0.17,
    probableCause: 'Site out of service',
    perceivedSeverity: 'CRITICAL',
    alarmType: 'COMMUNICATIONS_ALARM',
    hours: 1.5,
  },
  {
    share: 0.1,
    probableCause: 'Cell unavailable',
    perceivedSeverity: 'MAJOR',
    alarmType: 'EQUIPMENT_ALARM',
    hours: 2,
  },
  {
    share: 0.15,
    probableCause: 'VSWR high',
    perceivedSeverity: 'MAJOR',
    alarmType: 'EQUIPMENT_ALARM',
    hours: 4,
  },
] as const

const symptoms: readonly (readonly [Symptom, number])[] = [
  ['no-signal', 0.4],
  ['cannot-connect', 0.15],
  ['slow-data', 0.15],
  ['no-data', 0.1],
  ['weak-signal', 0.1],
  ['dropped-calls', 0.1],
]

/** What hours are drawn from, and what one leaves to the next. */
export interface City {
  readonly options: CityOptions
  readonly sites: readonly Site[]
  readonly troubledSites: readonly Site[]
  /** Troubles that began lately: most complaints are about one of them. */
  recent: { readonly site: Site; readonly ms: number }[]
  readonly emit: (event: Event) => void
  readonly counts: { alarms: number; complaints: number; cutovers: number }
}

/** Draws what begins within an hour, and hands on all that it leads to. */
export function drawHour(city: City, hour: number, random: Random): void {
  const { options, sites, troubledSites } = city
  const startMs = hour * hourMs
  const perHour = (count: number): number => drawCount(count / (options.days * 24), random)
  const anyMs = (): number => startMs + Math.floor(random.next() * hourMs)
  city.recent = city.recent.filter(({ ms }) => ms > startMs - 6 * hourMs)

  // One alarm in eight belongs to a storm: a controller fails, and its sites alarm within a minute.
  const alarms = perHour(options.alarms)
  const storms = drawCount(alarms / 8 / (sitesPerController + 1), random)
  for (let storm = 0; storm < storms; storm += 1) drawStorm(city, anyMs(), random)
  const single = Math.max(0, alarms - storms * (sitesPerController + 1))
  for (let alarm = 0; alarm < single; alarm += 1) {
    const kind = pick(
      alarmKinds.map((each) => [each, each.share] as const),
      random,
    )
    const site = pickOf(
      troubledSites.length > 0 && random.next() < troubledShare ? troubledSites : sites,
      random,
    )
    const atMs = anyMs()
    drawAlarm(
      city,
      { elementId: site.id, kind, atMs, lastsMs: exponential(kind.hours * hourMs, random) },
      random,
    )
    if (kind.perceivedSeverity !== 'MINOR') city.recent.push({ site, ms: atMs })
  }
  for (let count = perHour(options.cutovers); count > 0; count -= 1) drawCutover(city, anyMs(), random)
  for (let count = perHour(options.complaints); count > 0; count -= 1) drawComplaint(city, anyMs(), random)
}

interface AlarmDraw {
  readonly elementId: string
  readonly kind: Pick<DataOf<'AlarmRaised'>, 'alarmType' | 'probableCause' | 'perceivedSeverity'>
  readonly atMs: number
  readonly lastsMs: number
}

function drawAlarm(
  { counts, emit }: City,
  { elementId, kind, atMs, lastsMs }: AlarmDraw,
  random: Random,
): void {
  const alarmId = `A${(counts.alarms += 1)}`
  const data = {
    alarmId,
    elementId,
    alarmType: kind.alarmType,
    probableCause: kind.probableCause,
    perceivedSeverity: kind.perceivedSeverity,
  }
  const delayMs = (): number => Math.floor(exponential(20_000, random))
  const raisedMs = atMs + delayMs()
  const clearMs = atMs + Math.floor(lastsMs)
  emit(benchEvent('AlarmRaised', alarmId, atMs, raisedMs, data))
  emit(
    benchEvent('AlarmCleared', alarmId, clearMs, Math.max(raisedMs + 1, clearMs + delayMs()), {
      alarmId,
      reason: 'cleared',
    }),
  )
}

function drawStorm(city: City, atMs: number, random: Random): void {
  const { controller } = pickOf(city.sites, random)
  const lastsMs = exponential(hourMs, random) + 10 * minuteMs
  const failure = {
    probableCause: 'Node not reachable',
    perceivedSeverity: 'CRITICAL',
    alarmType: 'COMMUNICATIONS_ALARM',
  } as const
  const first = Number(controller.slice(1)) * sitesPerController
  drawAlarm(city, { elementId: controller, kind: failure, atMs, lastsMs }, random)
  for (const site of city.sites.slice(first, first + sitesPerController)) {
    const ms = atMs + Math.floor(random.next() * minuteMs)
    drawAlarm(city, { elementId: site.id, kind: alarmKinds[3], atMs: ms, lastsMs }, random)
    city.recent.push({ site, ms })
  }
}

function drawCutover(city: City, atMs: number, random: Random): void {
  const { counts, emit, sites } = city
  const site = pickOf(sites, random)
  const cutoverId = `CO-${(counts.cutovers += 1)}`
  const startMs = atMs + 24 * hourMs
  const endMs = startMs + 2 * hourMs + Math.floor(exponential(2 * hourMs, random))
  const planned: DataOf<'CutoverPlanned'> = {
    cutoverId,
    title: 'Migration',
    elementIds: [site.id],
    plannedStart: toInstant(startMs),
    plannedEnd: toInstant(endMs),
    work: 'migration',
  }
  emit(benchEvent('CutoverPlanned', cutoverId, atMs, atMs, planned))
  emit(benchEvent('CutoverStarted', cutoverId, startMs, startMs, { cutoverId }))
  emit(benchEvent('CutoverFinished', cutoverId, endMs, endMs, { cutoverId, outcome: 'done' }))
}

/** Two in three are about a trouble that began lately near by, reported within minutes to hours; the rest lie anywhere. */
function drawComplaint(city: City, reportedMs: number, random: Random): void {
  const { counts, emit, recent, sites } = city
  const trouble = random.next() < 0.67 && recent.length > 0 ? pickOf(recent, random) : undefined
  const site = trouble?.site ?? pickOf(sites, random)
  const fromMs =
    trouble === undefined
      ? reportedMs - Math.floor(exponential(hourMs, random))
      : Math.min(reportedMs, trouble.ms + Math.floor(exponential(20 * minuteMs, random)))
  const complaintId = `C${(counts.complaints += 1)}`
  const onMap = random.next() < 0.4
  const meters = Math.sqrt(random.next()) * (site.inTown ? townReachMeters : openReachMeters)
  const data: DataOf<'ComplaintReceived'> = {
    complaintId,
    customerRef: `customer-${Math.floor(random.next() * 1_000_000)}`,
    service: 'mobile',
    symptom: pick(symptoms, random),
    scope: 'network',
    trouble: { from: toInstant(fromMs), uncertaintyMs: 10 * minuteMs },
    reportedAt: toInstant(reportedMs),
    place: {
      location: { point: awayFrom(site.point, meters, random.next() * 2 * Math.PI) },
      uncertaintyMeters: onMap ? 100 : 400,
      source: onMap ? 'map' : 'words',
    },
    stillOut: 'unknown',
  }
  emit(benchEvent('ComplaintReceived', complaintId, reportedMs, reportedMs, data))
}
