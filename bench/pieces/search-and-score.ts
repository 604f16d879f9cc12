import type { LonLat } from '../../schemas/geo.ts'
import { boxAround } from '../../src/correlate/geometry.ts'
import { wholeCity } from '../city-options.ts'
import { cityDays } from '../city.ts'
import type { Piece } from '../piece.ts'
import { median, quantile, toRow, type Row } from '../row.ts'
import { engineSearcher } from '../search/engine-searcher.ts'
import {
  offer,
  plainScore,
  searchMeters,
  type Best,
  type PlainCause,
  type PlainComplaint,
  type Searcher,
} from '../search/plain-score.ts'
import { plainSteps, type Step } from '../search/plain-stream.ts'
import { postgisSearcher, postgisSelect, type PostgisSearcher } from '../search/postgis-searcher.ts'
import { sqliteSearcher, sqliteSelect } from '../search/sqlite-searcher.ts'

const runs = 5
/** The stream up to here brings the live causes to their usual number; then it is measured. */
export const warmUpComplaints = 20_000
export const measuredComplaints = 10_000
/** PostGIS takes part in the beginning of what is measured: it would take minutes for all of it. */
const postgisComplaints = 3_000

export interface Measurement {
  /** Of the time that answering took; keeping the causes current is not in it. */
  readonly complaintsPerSecond: number
  /** Everything: causes coming and going, and answers. */
  readonly stepsPerSecond: number
  readonly microseconds: readonly number[]
  readonly answers: readonly Best[]
}

/** The two parts of the stream: brought in without a clock, then measured. */
export function partsOf(steps: readonly Step[]): { warmUp: readonly Step[]; measured: readonly Step[] } {
  const from = indexOfAsk(steps, warmUpComplaints)
  return {
    warmUp: steps.slice(0, from),
    measured: steps.slice(from, indexOfAsk(steps, warmUpComplaints + measuredComplaints)),
  }
}

/** Runs a searcher over both parts; `endMs` of causes is set as the stream says. */
export function measure(searcher: Searcher, warmUp: readonly Step[], measured: readonly Step[]): Measurement {
  for (const step of [...warmUp, ...measured]) if (step.kind === 'add') step.cause.endMs = Infinity
  for (const step of warmUp) take(searcher, step)
  const microseconds: number[] = []
  const answers: Best[] = []
  const startedMs = performance.now()
  for (const step of measured) {
    if (step.kind !== 'ask') {
      take(searcher, step)
      continue
    }
    const askedMs = performance.now()
    const best = searcher.best(step.complaint)
    microseconds.push((performance.now() - askedMs) * 1000)
    answers.push(best)
  }
  const wholeMs = performance.now() - startedMs
  return {
    complaintsPerSecond: 1e6 / (microseconds.reduce((sum, us) => sum + us, 0) / microseconds.length),
    stepsPerSecond: (measured.length / wholeMs) * 1000,
    microseconds,
    answers,
  }
}

/** (a): one complaint to its best live cause by the plain score, while causes come and go. */
export const searchAndScore: Piece = async ({ say }) => {
  say('making the city')
  const events = [...cityDays(wholeCity)]
  const inventory = events.filter(({ type }) => type === 'ElementRegistered')
  const steps = plainSteps(events)
  const { warmUp, measured } = partsOf(steps)
  const ours: Measurement[] = []
  const sqlite: Measurement[] = []
  for (let run = 0; run < runs; run += 1) {
    say(`run ${run + 1} of ${runs}`)
    ours.push(measure(engineSearcher(inventory), warmUp, measured))
    const searcher = sqliteSearcher()
    if (searcher !== undefined) sqlite.push(measure(searcher, warmUp, measured))
  }
  say('PostGIS')
  const postgis = await measurePostgis(warmUp, measured)
  const { equal, live, candidates } = compareWithAll(warmUp, measured, ours[0]?.answers ?? [])
  const sizes = `seed ${wholeCity.seed}; ${wholeCity.sites} sites, about ${live} live causes, ${candidates.toFixed(0)} of them in a box of 2 km around a complaint; ${measuredComplaints} complaints amid ${measured.length} steps, median of ${runs} runs`
  const rate = median(ours.map(({ complaintsPerSecond }) => complaintsPerSecond))
  const us = ours.flatMap(({ microseconds }) => microseconds)
  const sqliteEqual = sqlite.every(({ answers }) => sameAnswers(answers, ours[0]?.answers ?? []) === 0)
  return [
    against({
      peer: sqlite.length === 0 ? null : median(sqlite.map((each) => each.complaintsPerSecond)),
      peerName: 'SQLite R*Tree in-process',
      missing: 'better-sqlite3 is not installed',
      value: rate,
      leastRatio: 1.3,
      agreed: sqliteEqual && equal,
      note: `${sizes}; p50 ${quantile(us, 0.5).toFixed(1)} us, p99 ${quantile(us, 0.99).toFixed(1)} us; ${sqliteSelect}, then the same score`,
    }),
    against({
      peer: typeof postgis === 'string' ? null : postgis.complaintsPerSecond,
      peerName:
        typeof postgis === 'string' ? '' : `PostGIS ${postgis.version} geography, prepared, unix socket`,
      missing: typeof postgis === 'string' ? postgis : '',
      value: rate,
      leastRatio: 20,
      agreed: typeof postgis === 'string' || postgis.differing(ours[0]?.answers ?? []) === 0,
      note:
        typeof postgis === 'string'
          ? sizes
          : `${sizes}; PostGIS over the first ${postgisComplaints}, p50 ${quantile(postgis.microseconds, 0.5).toFixed(0)} us, p99 ${quantile(postgis.microseconds, 0.99).toFixed(0)} us; its answers differ in ${postgis.differing(ours[0]?.answers ?? [])}; ${postgisSelect.replace(/\s+/g, ' ').trim()}`,
    }),
    toRow({
      name: 'a search and plain score, with causes coming and going',
      unit: 'steps/s',
      value: median(ours.map(({ stepsPerSecond }) => stepsPerSecond)),
      peer:
        sqlite.length === 0
          ? null
          : { name: 'SQLite R*Tree in-process', value: median(sqlite.map((each) => each.stepsPerSecond)) },
      note: 'the same runs: complaints and the causes raised, cleared and dropped meanwhile',
    }),
  ]
}

interface Against {
  readonly peer: number | null
  readonly peerName: string
  readonly missing: string
  readonly value: number
  readonly leastRatio: number
  readonly agreed: boolean
  readonly note: string
}

function against({ peer, peerName, missing, value, leastRatio, agreed, note }: Against): Row {
  const row = toRow({
    name: `a search and plain score, against ${peer === null ? 'a peer that is missing' : peerName}`,
    unit: 'complaints/s',
    value,
    peer: peer === null ? null : { name: peerName, value: peer },
    leastRatio,
    note:
      peer === null
        ? `NO PEER: ${missing}; ${note}`
        : `${agreed ? 'all answers equal' : 'ANSWERS DIFFER'}; ${note}`,
  })
  return agreed ? row : { ...row, met: false }
}

function take(searcher: Searcher, step: Step): void {
  switch (step.kind) {
    case 'add':
      return searcher.add(step.cause)
    case 'end':
      step.cause.endMs = step.endMs
      return searcher.end(step.cause)
    case 'remove':
      return searcher.remove(step.cause)
    case 'ask':
      return
  }
}

function indexOfAsk(steps: readonly Step[], ordinal: number): number {
  let left = ordinal
  const at = steps.findIndex(({ kind }) => kind === 'ask' && (left -= 1) < 0)
  return at < 0 ? steps.length : at
}

/** Scores too near to each other to tell: the sphere's radius and projection differ a little between programs. */
const tieScore = 0.002

/** How many answers differ by more than a tie. */
function sameAnswers(theirs: readonly Best[], ours: readonly Best[]): number {
  return theirs.filter((best, at) => best.key !== ours[at]?.key).length
}

/** Looks at every live cause for some of the complaints: what no index can get wrong. */
function compareWithAll(warmUp: readonly Step[], measured: readonly Step[], answers: readonly Best[]) {
  const live = new Set<PlainCause>()
  const checkEvery = 20
  let asked = 0
  let checked = 0
  let nearby = 0
  let equal = true
  for (const step of [...warmUp, ...measured]) if (step.kind === 'add') step.cause.endMs = Infinity
  const keep = (step: Step): void => {
    if (step.kind === 'add') live.add(step.cause)
    if (step.kind === 'end') step.cause.endMs = step.endMs
    if (step.kind === 'remove') live.delete(step.cause)
  }
  for (const step of warmUp) keep(step)
  for (const step of measured) {
    keep(step)
    if (step.kind !== 'ask') continue
    if (asked % checkEvery === 0) {
      const best: Best = { key: undefined, score: Infinity }
      for (const cause of live) {
        const score = plainScore(cause, step.complaint)
        if (isInBox(cause.point, step.complaint.point)) nearby += 1
        offer(best, cause.key, score)
      }
      equal &&= best.key === answers[asked]?.key
      checked += 1
    }
    asked += 1
  }
  return { equal, live: live.size, candidates: nearby / checked }
}

function isInBox([lon, lat]: LonLat, place: LonLat): boolean {
  const [west, south, east, north] = boxAround(place, searchMeters)
  return lon >= west && lon <= east && lat >= south && lat <= north
}

async function measurePostgis(warmUp: readonly Step[], measured: readonly Step[]) {
  const postgis = await postgisSearcher()
  if (typeof postgis === 'string') return postgis
  try {
    return await runPostgis(postgis, warmUp, measured.slice(0, indexOfAsk(measured, postgisComplaints)))
  } finally {
    await postgis.stop()
  }
}

async function runPostgis(postgis: PostgisSearcher, warmUp: readonly Step[], measured: readonly Step[]) {
  const live = new Set<PlainCause>()
  for (const step of [...warmUp, ...measured]) if (step.kind === 'add') step.cause.endMs = Infinity
  for (const step of warmUp) {
    if (step.kind === 'add') live.add(step.cause)
    if (step.kind === 'end') step.cause.endMs = step.endMs
    if (step.kind === 'remove') live.delete(step.cause)
  }
  await postgis.load([...live])
  const microseconds: number[] = []
  const answers: { readonly key: string | undefined; readonly score: number }[] = []
  const known = new Map([...live].map((cause) => [cause.key, cause]))
  for (const step of measured) {
    switch (step.kind) {
      case 'add':
        known.set(step.cause.key, step.cause)
        await postgis.add(step.cause)
        break
      case 'end':
        step.cause.endMs = step.endMs
        await postgis.end(step.cause, step.endMs)
        break
      case 'remove':
        await postgis.remove(step.cause)
        break
      case 'ask': {
        const askedMs = performance.now()
        const key = await postgis.best(step.complaint)
        microseconds.push((performance.now() - askedMs) * 1000)
        answers.push({ key, score: scoreOf(known, key, step.complaint) })
        break
      }
    }
  }
  return {
    version: postgis.version,
    complaintsPerSecond: 1e6 / (microseconds.reduce((sum, us) => sum + us, 0) / microseconds.length),
    microseconds,
    differing: (ours: readonly Best[]): number =>
      answers.filter(
        ({ key, score }, at) =>
          key !== ours[at]?.key && !(Math.abs(score - (ours[at]?.score ?? NaN)) < tieScore),
      ).length,
  }
}

function scoreOf(
  known: ReadonlyMap<string, PlainCause>,
  key: string | undefined,
  complaint: PlainComplaint,
): number {
  const cause = key === undefined ? undefined : known.get(key)
  return cause === undefined ? Infinity : plainScore(cause, complaint)
}
