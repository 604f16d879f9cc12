import { wholeCity } from '../city-options.ts'
import { cityEvents } from '../city.ts'
import type { Piece } from '../piece.ts'
import { toRow } from '../row.ts'
import { startCauseway, startListening } from '../serving/child-server.ts'
import { lineOf } from '../serving/live-lines.ts'
import { allDecided, postLines } from '../serving/post.ts'

const fullLines = 500_000
const usualLines = 60_000

/** (e): NDJSON over real HTTP until stored and until decided, against Fastify that only parses and validates it. */
export const ndjsonIntake: Piece = async ({ full, say }) => {
  const size = full ? fullLines : usualLines
  const { inventory, lines } = linesUpToNow(size)
  const floor = await startListening('bench/serving/ndjson-peer.js', [])
  say('Fastify without a store')
  await postLines(floor.url, inventory)
  const floorSeconds = await seconds(async () => postLines(floor.url, lines))
  await floor.stop()

  say('Causeway')
  const server = await startCauseway()
  try {
    await postLines(server.url, inventory)
    await allDecided(server.url)
    let storedSeconds = 0
    const decidedSeconds = await seconds(async () => {
      storedSeconds = await seconds(async () => postLines(server.url, lines))
      await allDecided(server.url)
    })
    const peer = { name: 'Fastify, parsing and validating the same bytes', value: size / floorSeconds }
    const note = `seed ${wholeCity.seed}; ${size} events of the last hours in one request over loopback, after the ${inventory.length} of inventory; server in a process of its own, LMDB log; one run${full ? '' : ` (--full: ${fullLines})`}`
    return [
      toRow({
        name: 'e NDJSON over HTTP until stored',
        unit: 'events/s',
        value: size / storedSeconds,
        peer,
        leastRatio: 0.3,
        note: `${note}; read only while the engine keeps up`,
      }),
      toRow({
        name: 'e NDJSON over HTTP until decided',
        unit: 'events/s',
        value: size / decidedSeconds,
        peer,
        note,
      }),
    ]
  } finally {
    await server.stop()
  }
}

/** The inventory, and so many events of the city that end now. */
export function linesUpToNow(size: number): {
  readonly inventory: readonly string[]
  readonly lines: readonly string[]
} {
  const stream = cityEvents(wholeCity)
  const inventory: string[] = []
  const events = []
  while (events.length < size) {
    const event = stream.next().value
    if (event.type === 'ElementRegistered' || event.type === 'CoverageGapReported')
      inventory.push(lineOf(event, 0))
    else events.push(event)
  }
  const lastMs = Date.parse(events.at(-1)?.recordedAt ?? '')
  const shiftMs = Date.now() - lastMs
  return { inventory, lines: events.map((event) => lineOf(event, shiftMs)) }
}

async function seconds(run: () => Promise<void>): Promise<number> {
  const startedMs = performance.now()
  await run()
  return (performance.now() - startedMs) / 1000
}
