import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { simulateCommand } from '../../src/cli/simulate.ts'
import { demoCity } from '../../src/simulate/demo-city.ts'

const folder = mkdtempSync(join(tmpdir(), 'causeway-simulate-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function simulate(...args: string[]): Promise<void> {
  await simulateCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parseAsync(args, { from: 'user' })
}

function linesOf(file: string): Record<string, unknown>[] {
  const text = readFileSync(join(folder, file), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('causeway simulate', () => {
  it('writes events and, apart from them, the truth of every complaint', async () => {
    const inventory = join(folder, 'inventory.ndjson')
    writeFileSync(
      inventory,
      demoCity('1')
        .inventory.map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    )
    const args = ['--inventory', inventory, '--complaints-per-day', '300', '--seed', 'x']
    await simulate(...args, '--out', join(folder, 'a.ndjson'), '--truth', join(folder, 'truth.ndjson'))
    await simulate(...args, '--out', join(folder, 'b.ndjson'))
    expect(readFileSync(join(folder, 'b.ndjson'))).toEqual(readFileSync(join(folder, 'a.ndjson')))
    const events = linesOf('a.ndjson')
    const complaints = events.filter(({ type }) => type === 'ComplaintReceived')
    expect(complaints.length).toBeGreaterThan(150)
    expect(complaints.length).toBeLessThan(600)
    expect(linesOf('truth.ndjson')).toHaveLength(complaints.length)
    expect(events.some((event) => 'truth' in event)).toBe(false)
  })

  it('refuses what makes no sense, and says what was wrong', async () => {
    await expect(simulate('--preset', 'easy')).rejects.toThrow(/default, harsh, demo, quiet/)
    await expect(simulate('--start', '2026-03-01T00:00')).rejects.toThrow(/offset/)
    await expect(simulate('--days', '0')).rejects.toThrow(/1 to 31/)
    await expect(simulate('--inventory', join(folder, 'absent.csv'))).rejects.toThrow(/absent\.csv/)
  })
})
