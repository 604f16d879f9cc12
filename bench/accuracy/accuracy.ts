import type { Event } from '../../schemas/event.ts'
import { demoCity } from '../../src/simulate/demo-city.ts'
import { naiveBaseline } from '../../src/simulate/naive-baseline.ts'
import { parseInventory } from '../../src/simulate/parse-inventory.ts'
import { presets, type PresetName } from '../../src/simulate/presets.ts'
import { createRandom } from '../../src/simulate/random.ts'
import { simInventory } from '../../src/simulate/sim-inventory.ts'
import { inventoryRegisteredMs, simulateWorldDay, type DayParams } from '../../src/simulate/simulate-day.ts'
import { simWorld, type SimWorld } from '../../src/simulate/sim-world.ts'
import { complaintsOf, summarise, takenForNetwork, type Summary } from '../../src/simulate/summary.ts'
import { toRow, type Measured, type Row } from '../row.ts'
import type { Attributed } from './answer.ts'
import { oracle } from './oracle.ts'
import { scoreRun, type Score } from './score-run.ts'
import { storedEvents } from './stored-events.ts'

const startMs = Date.UTC(2026, 1, 28, 16)
/** What an engine must do at least: so many points above the baseline, and this part of the best possible. */
const pointsAboveBaseline = 0.15
const partOfOracle = 0.9

export interface AccuracyOptions {
  readonly preset: PresetName
  readonly seeds: readonly string[]
  /** The engine under judgement: events in the order of arrival to its last word on each complaint. */
  readonly attribute: (
    events: readonly Event[],
  ) => ReadonlyMap<string, Attributed> | Promise<ReadonlyMap<string, Attributed>>
  /** An LTE cell list or NDJSON of registrations; left out, the built-in city. */
  readonly inventoryText?: string
}

export interface SeedResult {
  readonly seed: string
  readonly summary: Summary
  readonly engine: Score
  readonly naive: Score
  readonly oracle: Score
}

/** One row a figure, means over the seeds. Scored are the complaints that intake takes for the network's. */
export async function runAccuracy(options: AccuracyOptions): Promise<Row[]> {
  const results: SeedResult[] = []
  for (const seed of options.seeds) results.push(await runSeed(options, seed))
  return accuracyRows(options.preset, results)
}

/** One simulated day, judged three ways. */
export async function runSeed(options: AccuracyOptions, seed: string): Promise<SeedResult> {
  const { world, day } = simulatedWorld(options, seed)
  const simulated = [...simulateWorldDay(day, world)]
  const feed = simulated.map(({ event }) => event)
  const complaints = complaintsOf(simulated).filter(takenForNetwork)
  const truth = complaints.map((complaint) => complaint.truth)
  const scored = (attributions: ReadonlyMap<string, Attributed>): Score => scoreRun({ attributions, truth })
  return {
    seed,
    summary: summarise(world, day, simulated),
    engine: scored(await options.attribute(storedEvents(feed))),
    naive: scored(
      mapped(naiveBaseline(feed), (ref) => [{ refs: ref === undefined ? [] : [ref], probability: 1 }]),
    ),
    oracle: scored(mapped(oracle(world, day, complaints), (answers) => answers)),
  }
}

function simulatedWorld(
  { preset, inventoryText }: AccuracyOptions,
  seed: string,
): { world: SimWorld; day: DayParams } {
  const day = { ...presets[preset], startMs, days: 1 }
  if (inventoryText === undefined) return { world: demoCity(seed, day).world, day }
  const inventory = simInventory(parseInventory(inventoryText, inventoryRegisteredMs(startMs)))
  return { world: simWorld(day, inventory, createRandom(seed)), day }
}

function mapped<T>(
  answers: ReadonlyMap<string, T>,
  answersOf: (answer: T) => Attributed['answers'],
): Map<string, Attributed> {
  return new Map([...answers].map(([id, answer]) => [id, { answers: answersOf(answer) }]))
}

export function accuracyRows(preset: PresetName, results: readonly SeedResult[]): Row[] {
  const mean = (figure: (result: SeedResult) => number): number =>
    results.reduce((sum, result) => sum + figure(result), 0) / Math.max(1, results.length)
  const figures = {
    top1: mean(({ engine }) => engine.top1),
    naive1: mean(({ naive }) => naive.top1),
    oracle1: mean((result) => result.oracle.top1),
  }
  const row = (name: string, measured: Omit<Measured, 'name' | 'unit' | 'note'>, aside = ''): Row =>
    toRow({
      name: `accuracy, ${preset} day: ${name}`,
      unit: 'share',
      ...measured,
      note: `mean of seeds ${results.map(({ seed }) => seed).join(', ')}${aside}`,
    })
  return [
    row(
      'first answer right',
      {
        value: figures.top1,
        peer: { name: 'nearest alarmed site in time', value: figures.naive1 },
        leastRatio: (figures.naive1 + pointsAboveBaseline) / figures.naive1,
      },
      `; the aim is ${pointsAboveBaseline} above the peer`,
    ),
    row('first answer right', {
      value: figures.top1,
      peer: { name: 'oracle', value: figures.oracle1 },
      leastRatio: partOfOracle,
    }),
    row('right among three', {
      value: mean(({ engine }) => engine.top3),
      peer: { name: 'oracle', value: mean((result) => result.oracle.top3) },
    }),
    row('stated probability off by', {
      value: mean(({ engine }) => engine.calibrationError),
      peer: { name: 'oracle', value: mean((result) => result.oracle.calibrationError) },
    }),
    row('clusters, adjusted Rand index', { value: mean(({ engine }) => engine.clusterAri) }),
    row('clusters, coverage', { value: mean(({ engine }) => engine.clusterCoverage) }),
    row('two or more plausible causes', { value: mean(({ summary }) => summary.overlapShare) }),
  ]
}
