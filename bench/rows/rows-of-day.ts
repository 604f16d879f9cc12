import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import { demoCity } from '../../src/simulate/demo-city.ts'
import { parseInventory } from '../../src/simulate/parse-inventory.ts'
import { presets, type PresetName } from '../../src/simulate/presets.ts'
import { createRandom } from '../../src/simulate/random.ts'
import { simInventory } from '../../src/simulate/sim-inventory.ts'
import { inventoryRegisteredMs, simulateWorldDay } from '../../src/simulate/simulate-day.ts'
import { simWorld } from '../../src/simulate/sim-world.ts'
import { complaintsOf } from '../../src/simulate/summary.ts'
import { storedEvents } from '../accuracy/stored-events.ts'
import { judgeRows, type JudgedDay } from './judge-rows.ts'
import { rowsSeen } from './rows-seen.ts'
import { trueOutagesOf } from './true-outages.ts'

const startMs = Date.UTC(2026, 1, 28, 16)
const dayMs = 86_400_000
/** Rows of what was noticed just before the day's end are waited for this long. */
const followMs = 2 * 3_600_000
/** What is in the list this long before the day is not new. */
const leadMs = 3_600_000
const shiftsPerDay = 3

export interface RowsOfDay extends JudgedDay {
  readonly seed: string
  readonly sites: number
  /** New rows in a shift of eight hours for a thousand sites. */
  readonly perThousandSitesShift: number
}

export interface RowsQuestion {
  readonly preset: PresetName
  readonly seed: string
  /** An LTE cell list or NDJSON of registrations; left out, the built-in city. */
  readonly inventoryText?: string | undefined
}

/** One simulated day as network operations see it, judged by the truth. */
export async function rowsOfDay({ preset, seed, inventoryText }: RowsQuestion): Promise<RowsOfDay> {
  const day = { ...presets[preset], startMs, days: 1 }
  const world =
    inventoryText === undefined
      ? demoCity(seed, day).world
      : simWorld(
          day,
          simInventory(parseInventory(inventoryText, inventoryRegisteredMs(startMs))),
          createRandom(seed),
        )
  const simulated = [...simulateWorldDay(day, world)]
  const untilMs = startMs + dayMs + followMs
  const events = storedEvents(
    simulated.map(({ event }) => event).filter(({ recordedAt }) => Date.parse(recordedAt) <= untilMs),
  )
  const judged = judgeRows(await rowsSeen(events, defaultRuleset, startMs - leadMs), {
    fromMs: startMs,
    toMs: startMs + dayMs,
    outages: trueOutagesOf(world, day, simulated),
    truth: new Map(complaintsOf(simulated).map(({ truth }) => [truth.complaintId, truth])),
  })
  const sites = world.inventory.sites.length
  return {
    ...judged,
    seed,
    sites,
    perThousandSitesShift: (judged.rows.length * 1_000) / sites / shiftsPerDay,
  }
}
