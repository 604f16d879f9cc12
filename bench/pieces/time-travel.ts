import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allProjections, tagOf } from '../../projections/all-projections.ts'
import { causesNear } from '../../projections/cause-near.ts'
import { complaintById, complaintsToDispatch } from '../../projections/complaint-queries.ts'
import { elementsInBox, elementState } from '../../projections/element-queries.ts'
import { knownAsOf } from '../../projections/moment.ts'
import { outagesByStatus, outagesInBox } from '../../projections/outage-queries.ts'
import { boxAround } from '../../projections/quadkey.ts'
import type { Rows } from '../../projections/rows.ts'
import type { Event } from '../../schemas/event.ts'
import type { LonLat } from '../../schemas/geo.ts'
import { toMs } from '../../schemas/instant.ts'
import { createEngine, type Input } from '../../src/correlate/engine.ts'
import { toPosition } from '../../src/event-log/position.ts'
import { foldEvents } from '../../src/pipeline/project-events.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'
import { createRandom } from '../../src/simulate/random.ts'
import { cityOf } from '../city-options.ts'
import { cityEvents } from '../city.ts'
import type { Piece } from '../piece.ts'
import { median, toRow, type Row } from '../row.ts'
import { firstRules } from './full-attribution.ts'

const fullEvents = 100_000
const usualEvents = 20_000
const growth = 10
const city = cityOf(0.05)
/** Events of one commit, as when they come live. */
const batchEvents = 20
const samples = 400
const page = { limit: 50 }
const radiusMeters = 3_000

/** A complaint and a place, and a moment at which they are asked for. */
interface Question {
  readonly asOf: string
  readonly complaintId: string
  readonly point: LonLat
}

type Read = (rows: Rows, question: Question) => unknown

const reads: Readonly<Record<string, Read>> = {
  'a complaint with its answer': (rows, { complaintId }) => complaintById(rows, complaintId),
  'open outages': (rows) => outagesByStatus(rows, 'open', page),
  'ended outages': (rows) => outagesByStatus(rows, 'ended', page),
  'open outages in an area': (rows, { point }) =>
    outagesInBox(rows, 'open', boxAround(point, radiusMeters), page),
  'the queue for dispatch': (rows) => complaintsToDispatch(rows, page),
  'causes near a point': (rows, { point, asOf }) =>
    causesNear(rows, {
      point,
      radiusMeters,
      nowMs: toMs(asOf),
      recentMs: 6 * 3_600_000,
      dwellMs: 1_800_000,
    }),
  'elements in a box, with their state': (rows, { point, asOf }) =>
    elementsInBox(rows, boxAround(point, radiusMeters), page).items.map(({ elementId }) =>
      elementState(rows, elementId, { nowMs: toMs(asOf), recentMs: 3_600_000 }),
    ),
}

/** (t): reads as of a moment long ago, after some history and after ten times as much, against reads of now. */
export const timeTravel: Piece = async ({ full, say }) => {
  const size = full ? fullEvents : usualEvents
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'))
  const store = await openLmdbRowStore({ folder, tag: tagOf(allProjections) })
  try {
    const events = decidedEvents()
    say(`projecting ${size} events`)
    const questions = project(store, events, size)
    const before = measure(store, questions)
    say(`projecting ${size * growth} events`)
    project(store, events, size * (growth - 1))
    const after = measure(store, questions)
    const note = `seed ${city.seed}; ${city.sites} sites; read models of ${size} and of ${size * growth} events with decisions, LMDB, ${batchEvents} events a commit; ${samples} moments within the former; one run${full ? '' : ` (--full: ${fullEvents})`}`
    return Object.keys(reads).flatMap((name) => rowsOf(name, before, after, note))
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function rowsOf(name: string, before: Measured, after: Measured, note: string): readonly Row[] {
  const [early = NaN, late = NaN] = [before.asOf.get(name), after.asOf.get(name)]
  return [
    toRow({
      name: `t ${name}, as of a moment, after ${growth} times the history`,
      unit: 'us',
      value: late,
      peer: { name: 'after once the history', value: early },
      mostRatio: 1.5,
      note: `p50; ${note}`,
    }),
    toRow({
      name: `t ${name}, as of a moment, against now`,
      unit: 'us',
      value: late,
      peer: { name: 'as it is now, in the longer history', value: after.now.get(name) ?? NaN },
      note: `p50; ${note}`,
    }),
  ]
}

/** The city's events, each followed by what the engine decides on it. */
function* decidedEvents(): Generator<Event, never> {
  const engine = createEngine()
  yield firstRules as Event
  yield* engine.decide(firstRules as Input)
  for (const event of cityEvents(city)) {
    yield event
    yield* engine.decide(event as Input)
  }
  throw new Error('the city goes on for ever')
}

/** Projects as many events more; answers questions about them. */
function project(store: RowStore, events: Iterator<Event>, count: number): readonly Question[] {
  const fold = foldEvents(store, allProjections, { momentsOf: store })
  const random = createRandom(city.seed).fork('questions')
  const points: LonLat[] = []
  const answered: string[] = []
  const questions: Question[] = []
  const first = Number(store.checkpoint() ?? 0)
  for (let done = 1; done <= count; done += 1) {
    const { value: event } = events.next()
    const position = toPosition(first + done)
    fold.project({ ...event, stream: 'bench', revision: done, position })
    if (done % batchEvents === 0 || done === count) fold.commit(position)
    if (event.type === 'ElementRegistered' && event.data.location !== undefined) {
      points.push(event.data.location.point)
    }
    if (event.type !== 'CauseAttributed') continue
    answered.push(event.data.complaintId)
    const complaintId = answered[Math.floor(random.next() * answered.length)]
    const point = points[Math.floor(random.next() * points.length)]
    if (complaintId !== undefined && point !== undefined) {
      questions.push({ asOf: event.recordedAt, complaintId, point })
    }
  }
  const step = Math.max(1, Math.floor(questions.length / samples))
  return questions.filter((_, at) => at % step === 0).slice(0, samples)
}

interface Measured {
  readonly asOf: ReadonlyMap<string, number>
  readonly now: ReadonlyMap<string, number>
}

function measure(store: RowStore, questions: readonly Question[]): Measured {
  const timed = (read: Read, rowsOf: (question: Question) => Rows): number =>
    median(
      questions.map((question) => {
        const startedMs = performance.now()
        read(rowsOf(question), question)
        return (performance.now() - startedMs) * 1_000
      }),
    )
  const then = ({ asOf }: Question): Rows => {
    const known = knownAsOf(store, asOf)
    if (known.kind === 'nothing') throw new Error('something was known then')
    return known.rows
  }
  const asOf = new Map<string, number>()
  const now = new Map<string, number>()
  for (const [name, read] of Object.entries(reads)) {
    // Once for the compiler, once for the figure.
    for (let turn = 0; turn < 2; turn += 1) {
      asOf.set(name, timed(read, then))
      now.set(
        name,
        timed(read, () => store),
      )
    }
  }
  return { asOf, now }
}
