import { eventId } from '../schemas/event-id.ts'
import { type DataOf, type Event, type EventType, schemaVersionOf } from '../schemas/event.ts'
import type { LonLat } from '../schemas/geo.ts'
import { toInstant } from '../schemas/instant.ts'
import type { Symptom } from '../schemas/service.ts'
import { createRandom, type Random } from '../src/simulate/random.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What a week of the city holds; other spans hold as much more or less. */
export interface CityOptions {
  readonly seed: string
  readonly sites: number
  readonly alarms: number
  readonly complaints: number
  readonly cutovers: number
  readonly gaps: number
  readonly days: number
}

/** 20k sites over 200 x 200 km; 200k alarms, 2k cutovers and 100k complaints in 7 days; 300 gaps. */
export const wholeCity: CityOptions = {
  seed: 'causeway',
  sites: 20_000,
  alarms: 200_000,
  complaints: 100_000,
  cutovers: 2_000,
  gaps: 300,
  days: 7,
}

/** The same city, all figures times `share`; as dense, since its side shrinks too. */
export function cityOf(share: number, options: CityOptions = wholeCity): CityOptions {
  const times = (count: number): number => Math.max(1, Math.round(count * share))
  return {
    ...options,
    sites: times(options.sites),
    alarms: times(options.alarms),
    complaints: times(options.complaints),
    cutovers: times(options.cutovers),
    gaps: times(options.gaps),
  }
}

export const cityStartMs = Date.UTC(2026, 2, 1)
const source = 'bench'
const center: LonLat = [113.3, 23.1]
const kmPerDegree = 111.195
const naturalSideKm = 200
const naturalSites = 20_000
/** How far from the site that serves them customers are when they are in town, and beyond. */
const townReachMeters = 400
const openReachMeters = 1_500
const sitesPerController = 40
/** Two in three sites stand in towns, at most about three on a square kilometre. */
const townShare = 2 / 3
const sitesPerTown = 220
const townSpreadKm = 3.5
/**
 * Troubles gather: storms, heat and old equipment strike some towns, and there sites come and go. So a complaint, which is
 * most often about one of them, has some 65 live causes within 2 km, though there are only 9k in all.
 */
const troubledTownShare = 0.06
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

interface Site {
  readonly id: string
  readonly controller: string
  readonly point: LonLat
  readonly inTown: boolean
  readonly troubled: boolean
}

/**
 * The city as events in the order in which the log takes them: inventory and gaps, then hour by hour for ever (take as many
 * as are wanted). Bounded in memory: each hour is drawn when it is due, and what it will bring later waits in its hour.
 */
export function* cityEvents(options: CityOptions): Generator<Event, never> {
  const random = createRandom(options.seed)
  const sites = drawSites(options, random.fork('sites'))
  const beforeMs = cityStartMs - hourMs
  for (const event of inventoryOf(sites, beforeMs)) yield event
  for (const event of gapsOf(options, sites, beforeMs, random.fork('gaps'))) yield event
  const waiting = new Map<number, Event[]>()
  const emit = (event: Event): void => {
    const hour = Math.floor(Date.parse(event.recordedAt) / hourMs)
    const events = waiting.get(hour)
    if (events === undefined) waiting.set(hour, [event])
    else events.push(event)
  }
  const troubledSites = sites.filter(({ troubled }) => troubled)
  const city: City = {
    options,
    sites,
    troubledSites,
    recent: [],
    emit,
    counts: { alarms: 0, complaints: 0, cutovers: 0 },
  }
  for (let hour = cityStartMs / hourMs; ; hour += 1) {
    drawHour(city, hour, random.fork(`hour ${hour}`))
    const due = waiting.get(hour) ?? []
    waiting.delete(hour)
    due.sort((a, b) =>
      a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : a.id < b.id ? -1 : 1,
    )
    for (const event of due) yield event
  }
}

/** The events of the first `days`. */
export function* cityDays(options: CityOptions): Generator<Event, void> {
  const until = toInstant(cityStartMs + options.days * 24 * hourMs)
  for (const event of cityEvents(options)) {
    if (event.recordedAt >= until) return
    yield event
  }
}

interface City {
  readonly options: CityOptions
  readonly sites: readonly Site[]
  readonly troubledSites: readonly Site[]
  /** Troubles that began lately: most complaints are about one of them. */
  recent: { readonly site: Site; readonly ms: number }[]
  readonly emit: (event: Event) => void
  readonly counts: { alarms: number; complaints: number; cutovers: number }
}

function drawHour(city: City, hour: number, random: Random): void {
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
  emit(eventOf('AlarmRaised', alarmId, atMs, raisedMs, data))
  emit(
    eventOf('AlarmCleared', alarmId, clearMs, Math.max(raisedMs + 1, clearMs + delayMs()), {
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
  emit(eventOf('CutoverPlanned', cutoverId, atMs, atMs, planned))
  emit(eventOf('CutoverStarted', cutoverId, startMs, startMs, { cutoverId }))
  emit(eventOf('CutoverFinished', cutoverId, endMs, endMs, { cutoverId, outcome: 'done' }))
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
  emit(eventOf('ComplaintReceived', complaintId, reportedMs, reportedMs, data))
}

function drawSites({ sites: count }: CityOptions, random: Random): Site[] {
  const sideKm = naturalSideKm * Math.sqrt(count / naturalSites)
  const anywhereKm = (): number => (random.next() - 0.5) * sideKm
  const townCount = Math.max(1, Math.round((count * townShare) / sitesPerTown))
  const towns = Array.from({ length: townCount }, (_, at) => ({
    eastKm: anywhereKm(),
    northKm: anywhereKm(),
    troubled: at < Math.max(1, townCount * troubledTownShare),
  }))
  const places = Array.from({ length: count }, (): Pick<Site, 'point' | 'inTown' | 'troubled'> => {
    if (random.next() >= townShare)
      return { point: pointAt(anywhereKm(), anywhereKm()), inTown: false, troubled: false }
    const { eastKm, northKm, troubled } = pickOf(towns, random)
    const near = (km: number): number => km + normal(random) * townSpreadKm
    return { point: pointAt(near(eastKm), near(northKm)), inTown: true, troubled }
  })
  // Neighbours share a controller: in strips from south to north, within a strip from west to east.
  const strip = ([, lat]: LonLat): number => Math.floor((lat * kmPerDegree) / 10)
  places.sort((a, b) => strip(a.point) - strip(b.point) || a.point[0] - b.point[0])
  return places.map((place, at) => ({
    id: `S${at}`,
    controller: `B${Math.floor(at / sitesPerController)}`,
    ...place,
  }))
}

function* inventoryOf(sites: readonly Site[], atMs: number): Generator<Event> {
  const registered = (elementId: string, data: Omit<DataOf<'ElementRegistered'>, 'elementId'>): Event =>
    eventOf('ElementRegistered', elementId, atMs, atMs, { elementId, ...data })
  for (const id of new Set(sites.map(({ controller }) => controller)))
    yield registered(id, { kind: 'aggregation', name: `Controller ${id}` })
  for (const { id, controller, point } of sites) {
    yield registered(id, {
      kind: 'site',
      name: `Site ${id}`,
      services: ['mobile'],
      parent: controller,
      location: { point },
    })
  }
}

function* gapsOf(
  { gaps }: CityOptions,
  sites: readonly Site[],
  atMs: number,
  random: Random,
): Generator<Event> {
  for (let at = 0; at < gaps; at += 1) {
    const middle = awayFrom(pickOf(sites, random).point, random.next() * 1_500, random.next() * 2 * Math.PI)
    const corners = 5 + Math.floor(random.next() * 4)
    const ring = Array.from({ length: corners }, (_, corner) =>
      awayFrom(middle, 200 + random.next() * 400, (corner / corners) * 2 * Math.PI),
    )
    const gapId = `G${at}`
    yield eventOf('CoverageGapReported', gapId, atMs, atMs, {
      gapId,
      kind: 'blind-spot',
      name: `Hollow ${at}`,
      area: { kind: 'polygon', ring },
    })
  }
}

function eventOf<T extends EventType>(
  type: T,
  notification: string,
  occurredMs: number,
  recordedMs: number,
  data: DataOf<T>,
): Event {
  return {
    id: eventId(source, type, notification),
    type,
    schemaVersion: schemaVersionOf(type),
    occurredAt: toInstant(occurredMs),
    recordedAt: toInstant(recordedMs),
    data,
    meta: { source, actor: source },
  } as Event
}

function pointAt(eastKm: number, northKm: number): LonLat {
  const lat = center[1] + northKm / kmPerDegree
  return [center[0] + eastKm / (kmPerDegree * Math.cos((lat * Math.PI) / 180)), lat].map(round7) as LonLat
}

function awayFrom([lon, lat]: LonLat, meters: number, angle: number): LonLat {
  const degrees = meters / 1000 / kmPerDegree
  return [
    lon + (degrees * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180),
    lat + degrees * Math.sin(angle),
  ].map(round7) as LonLat
}

const round7 = (degrees: number): number => Math.round(degrees * 1e7) / 1e7

function pickOf<T>(items: readonly T[], random: Random): T {
  const item = items[Math.floor(random.next() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** By weights that sum to one. */
function pick<T>(weighted: readonly (readonly [T, number])[], random: Random): T {
  let left = random.next()
  for (const [item, share] of weighted) if ((left -= share) < 0) return item
  const last = weighted.at(-1)
  if (last === undefined) throw new RangeError('nothing to pick from')
  return last[0]
}

/** A whole number whose mean is `expected`, off by less than one. */
function drawCount(expected: number, random: Random): number {
  return Math.floor(expected + random.next())
}

function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.next())
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
