import { createEngine, type Engine, type Input } from '../../src/correlate/engine.ts'
import { cityOf, type CityOptions } from '../city-options.ts'
import { cityEvents } from '../city.ts'
import type { Piece } from '../piece.ts'
import { toRow } from '../row.ts'
import { firstRules } from './full-attribution.ts'

/** As long as the engine's window: all of it is held at once. */
const windowDays = 3
const usualShare = 0.1
const marks = [500_000, 1_000_000, 3_000_000] as const
const megabyte = 1_048_576
/** Memory may differ by this much and still be called flat. */
const mostGrowth = 1.1

/** (g): what the engine holds with everything in the window, and that it stays so however long the history grows. */
export const memoryHeld: Piece = async ({ full, say }) => {
  const share = full ? 1 : usualShare
  const city: CityOptions = { ...cityOf(share), days: windowDays }
  const engine = createEngine()
  engine.decide(firstRules as Input)
  const stream = cityEvents(city)
  const empty = heldBytes()
  let events = 0
  const held: { readonly events: number; readonly bytes: number; readonly sizes: Record<string, number> }[] =
    []
  for (const mark of marks) {
    say(`up to ${Math.round(mark * share)} events`)
    for (; events < mark * share; events += 1) decideNext(engine, stream)
    held.push({ events, bytes: heldBytes() - empty, sizes: engine.sizes() })
  }
  const [first, second, third] = held
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('nothing was measured')
  const sizesOf = ({ sizes }: typeof first): string =>
    `${sizes['elements']} elements, ${sizes['alarms']} alarms, ${sizes['complaints']} complaints, ${sizes['causes']} causes in the window`
  const note = `seed ${city.seed}; heap and external after a forced collection, less what was held before${full ? '' : `; a tenth of the city (--full: all of it, 1M and 3M events)`}`
  return [
    toRow({
      name: 'g memory with everything in the window',
      unit: 'MB',
      value: first.bytes / megabyte,
      note: `after ${first.events} events; ${sizesOf(first)}; ${note}`,
    }),
    toRow({
      name: 'g memory after three times the history',
      unit: 'MB',
      value: third.bytes / megabyte,
      peer: { name: `after ${second.events} events`, value: second.bytes / megabyte },
      mostRatio: mostGrowth,
      note: `after ${third.events} events; ${sizesOf(third)}; before: ${sizesOf(second)}; ${note}`,
    }),
  ]
}

function decideNext(engine: Engine, stream: Iterator<unknown>): void {
  engine.decide(stream.next().value as Input)
}

function heldBytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
