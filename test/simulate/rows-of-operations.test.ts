import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rowsOfDay, type RowsOfDay } from '../../bench/rows/rows-of-day.ts'
import type { PresetName } from '../../src/simulate/presets.ts'

/* What network operations see of a whole simulated day, folded through engine and read models: rules were tuned on other seeds. */

const cellList = '../shared/data/lte-cells/cells.csv'
const isThere = existsSync(cellList)
if (!isThere) console.warn(`rows on simulated days over the real inventory are not tested: no ${cellList}`)

const dayOf = (preset: PresetName, seed: string): Promise<RowsOfDay> =>
  rowsOfDay({ preset, seed, inventoryText: readFileSync(cellList, 'utf8') })

describe.skipIf(!isThere)('the list of network operations, over 601 real sites', () => {
  test('a quiet day shows at most two new rows for a thousand sites a shift', async () => {
    for (const seed of ['1', '2']) {
      const { perThousandSitesShift, sites } = await dayOf('quiet', seed)
      expect(sites).toBe(601)
      expect(perThousandSitesShift).toBeLessThanOrEqual(2)
    }
  }, 300_000)

  test('a storm day shows one row for each true outage, give or take a tenth, and hides none for that', async () => {
    const { rows, outages, rowMs } = await dayOf('storm', '1')
    expect(outages.length).toBeGreaterThan(50)
    expect(rows.length / outages.length).toBeGreaterThanOrEqual(0.9)
    expect(rows.length / outages.length).toBeLessThanOrEqual(1.1)
    expect(outages.filter(({ id }) => rowMs.has(id)).length / outages.length).toBeGreaterThanOrEqual(0.9)
  }, 300_000)
})
