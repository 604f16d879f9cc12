import { toMs } from '../schemas/instant.ts'
import type { LonLat } from '../schemas/geo.ts'
import { cellAt, middleOf } from './quadkey.ts'
import {
  unknown,
  unplaced,
  type CountedComplaint,
  type CountedElement,
  type CountedOutage,
  type StandingCause,
} from './statistics-row.ts'
import { kindValue, type Counts, type Dimension, type Share } from './tally.ts'
import { binOf } from './time-bins.ts'

/** Cells of the figures of an area are about 9 km wide and 5 km high at 23° of latitude. */
const areaLevel = 12
/** Cells of the ground that planners look at are about 560 m wide and 300 m high there. */
const groundLevel = 16
/** A complaint placed less exactly than this says nothing about a cell of the ground. */
const maxGroundUncertaintyMeters = 1_000
/** What the customer was told no later than this after the report counts as said in the call. */
const inCallMs = 15 * 60_000

type Under = Share['under']

/** What a complaint adds to the figures; nothing where it is withdrawn. Callbacks count on the days when they were made. */
export function sharesOfComplaint(row: CountedComplaint): readonly Share[] {
  if (row.withdrawals.length > 0) return []
  const { symptom, service, network, place } = row.facts
  const kind = kindValue({
    cause: causeName(row.cause),
    symptom: symptom ?? unknown,
    service: service ?? unknown,
    network: network ?? unknown,
  })
  const under: Under = [
    ['kind', kind],
    ['area', areaOf(place?.location.point)],
  ]
  return [
    { day: row.day, under, counts: countsOfComplaint(row) },
    ...groundShare(row),
    ...row.callbacks.map(({ day, outcome }) => ({
      day,
      under,
      counts: { [`callback:${outcome}`]: 1 },
    })),
  ]
}

function countsOfComplaint(row: CountedComplaint): Counts {
  const { calls, cause, replies, reportedAt, backfilled } = row
  const promised = replies.find(({ statedEnd }) => statedEnd !== undefined)?.statedEnd
  const isJudged = promised !== undefined && cause?.overAt !== undefined
  const isTimed = cause?.namedAt !== undefined && backfilled !== true
  return counted({
    complaints: true,
    known: calls !== undefined,
    repeats: calls?.before,
    firstContact: calls?.after === false && isAnsweredInCall(row),
    explained: cause?.verdict === 'explained',
    timed: isTimed,
    [binOf(isTimed ? toMs(cause.namedAt) - toMs(reportedAt) : 0)]: isTimed,
    promised: promised !== undefined,
    promiseJudged: isJudged,
    promiseKept: isJudged && cause.overAt <= promised,
  })
}

/** Told while the customer was on the line, and never passed on to others. */
function isAnsweredInCall({ replies, reportedAt, dispatches }: CountedComplaint): boolean {
  const [first] = replies
  return first !== undefined && dispatches.length === 0 && toMs(first.at) - toMs(reportedAt) <= inCallMs
}

/** Unexplained complaints and those of gaps, on the fine grid, by where the customer was. */
function groundShare({ day, facts, cause }: CountedComplaint): readonly Share[] {
  const { place, setting } = facts
  const name = causeName(cause)
  if (place === undefined || (name !== 'unexplained' && name !== 'gap')) return []
  if ((place.uncertaintyMeters ?? 0) > maxGroundUncertaintyMeters) return []
  return [
    {
      day,
      under: [['ground', cellAt(place.location.point, groundLevel)]],
      counts: { [`${name}:${whereOf(setting)}`]: 1 },
    },
  ]
}

function whereOf(setting: CountedComplaint['facts']['setting']): 'indoor' | 'outdoor' | 'unknown' {
  switch (setting) {
    case 'indoor':
    case 'basement-or-lift':
      return 'indoor'
    case 'outdoor':
    case 'moving':
      return 'outdoor'
    case undefined:
      return 'unknown'
  }
}

/** The kind of the root, or why there is none. */
function causeName(cause: StandingCause | undefined): string {
  return cause === undefined ? 'undecided' : (cause.root?.kind ?? cause.verdict)
}

/** One outage on the day when it began; what turned out to be none, or part of another, is not counted. */
export function sharesOfOutage({
  day,
  ended,
  rootKind,
  services,
  network,
  point,
  box,
}: CountedOutage): readonly Share[] {
  if (ended !== undefined && ended !== 'restored') return []
  const ofServices = services.length === 0 ? [unknown] : [...new Set(services)]
  const under: Under = [
    ['all', ''],
    ['area', areaOf(point ?? (box && middleOf(box)))],
    ['cause', rootKind],
    ...ofServices.map((service) => ['service', service] as const),
    ['network', network ?? unknown],
  ]
  return [{ day, under, counts: { outages: 1 } }]
}

/** Subscribers count once: with the elements that have them and none directly below that do. */
export function subscribersOf({ facts, below }: CountedElement): {
  readonly under: Under
  readonly counts: Counts
} {
  if (facts === undefined || below > 0 || !hasSubscribers({ facts, below })) return { under: [], counts: {} }
  const { subscribers = 0, services = [], network, point } = facts
  const values: [Dimension, string][] = [
    ['all', ''],
    ['area', areaOf(point)],
    ...[...new Set(services)].map((service): [Dimension, string] => ['service', service]),
    ['network', network ?? unknown],
  ]
  return { under: values, counts: { subscribers, elements: 1 } }
}

export function hasSubscribers({ facts }: CountedElement): boolean {
  return facts !== undefined && facts.retired !== true && (facts.subscribers ?? 0) > 0
}

function areaOf(point: LonLat | undefined): string {
  return point === undefined ? unplaced : cellAt(point, areaLevel)
}

function counted(marks: Readonly<Record<string, boolean | undefined>>): Counts {
  return Object.fromEntries(
    Object.entries(marks).flatMap(([name, isSo]) => (isSo === true ? [[name, 1]] : [])),
  )
}
