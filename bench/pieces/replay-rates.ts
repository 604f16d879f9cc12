import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Event } from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import { createEngine, type Decision, type Input } from '../../src/correlate/engine.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { isInput } from '../../src/pipeline/decision-groups.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { wholeCity } from '../city-options.ts'
import { cityEvents } from '../city.ts'
import type { Piece } from '../piece.ts'
import { toRow } from '../row.ts'
import { firstRules } from './full-attribution.ts'

const fullEvents = 1_000_000
const usualEvents = 150_000
/** Inputs decided and appended together, as a correlator with work in hand does. */
const batchInputs = 500

/** (d): a log read back and folded, in events a second, against parsing the same events as NDJSON and doing nothing. */
export const replayRates: Piece = async ({ full, say }) => {
  const size = full ? fullEvents : usualEvents
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'))
  const log = await openLmdbLog({ folder })
  try {
    say(`writing a log of ${size} events`)
    const ndjson = await writeLog(log, size)
    const events = ndjson.length
    say('JSON.parse')
    const parse = await timed(async () => parseAll(ndjson))
    ndjson.length = 0
    say('reading')
    const read = await timed(async () => readOnly(log))
    say('folding logged decisions')
    const fold = await timed(async () => foldAll(log))
    say('deciding anew')
    const derive = await timed(async () => deriveAll(log))
    const peer = { name: 'JSON.parse of the same events as NDJSON', value: events / parse.seconds }
    const note = `seed ${wholeCity.seed}; ${wholeCity.sites} sites; ${events} events, of them ${fold.result.inputs} inputs and ${events - fold.result.inputs} decisions, LMDB log through readAll; one run${full ? '' : ` (--full: ${fullEvents})`}`
    return [
      toRow({
        name: 'd folding logged decisions',
        unit: 'events/s',
        value: events / fold.seconds,
        peer,
        leastRatio: 0.5,
        note,
      }),
      toRow({
        name: 'd deriving everything anew',
        unit: 'events/s',
        value: events / derive.seconds,
        peer,
        leastRatio: 0.2,
        note: `${derive.result === events - fold.result.inputs ? 'as many decisions as logged' : `DECISIONS DIFFER: ${derive.result}`}; ${note}`,
      }),
      toRow({ name: 'd reading the log alone', unit: 'events/s', value: events / read.seconds, peer, note }),
    ]
  } finally {
    await log.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Something to do when the log has so many events. */
export interface Halfway {
  readonly events: number
  readonly run: () => Promise<void>
}

/** Decides as it writes: batches of inputs, then their decisions. Answers every event as a line, in log order. */
export async function writeLog(log: EventLog, size: number, halfway?: Halfway): Promise<string[]> {
  const engine = createEngine()
  const writer = createWriter({ log })
  const lines: string[] = []
  const append = async (batch: readonly Event[]): Promise<void> => {
    if (batch.length === 0) return
    await writer.write(batch)
    for (const event of batch) lines.push(JSON.stringify(event))
  }
  let inputs: Event[] = [firstRules as Event]
  let decisions: Event[] = []
  let isBefore = true
  for (const decision of engine.decide(firstRules as Input)) decisions.push(decision)
  for (const event of cityEvents(wholeCity)) {
    inputs.push(event)
    for (const decision of engine.decide(event as Input)) decisions.push(decision)
    if (inputs.length < batchInputs) continue
    const covers = event.id
    await append(inputs)
    await append(decisions.map((decision) => ({ ...decision, meta: { ...decision.meta, covers } }) as Event))
    inputs = []
    decisions = []
    if (isBefore && halfway !== undefined && lines.length >= halfway.events) {
      isBefore = false
      await halfway.run()
    }
    if (lines.length >= size) break
  }
  return lines
}

function parseAll(lines: readonly string[]): number {
  let ids = 0
  for (const line of lines) ids += (JSON.parse(line) as Event).id.length
  return ids
}

async function readOnly(log: EventLog): Promise<number> {
  let events = 0
  for await (const batch of log.readAll()) events += batch.length
  return events
}

/** As a restart folds: inputs wait for the decisions that cover them. */
async function foldAll(log: EventLog): Promise<{ readonly inputs: number }> {
  const engine = createEngine()
  let waiting: Input[] = []
  let byCause = new Map<string, Decision[]>()
  let inputs = 0
  const flush = (): void => {
    for (const input of waiting) engine.fold(input, byCause.get(input.id) ?? [])
    inputs += waiting.length
    waiting = []
    byCause = new Map()
  }
  for await (const batch of log.readAll()) {
    for (const recorded of batch) {
      const event = upcast(recorded)
      if (isInput(event)) {
        if (byCause.size > 0) flush()
        waiting.push(event as Input)
        continue
      }
      const cause = event.meta.causationId ?? ''
      const decided = byCause.get(cause)
      if (decided === undefined) byCause.set(cause, [event as Decision])
      else decided.push(event as Decision)
    }
  }
  flush()
  return { inputs }
}

/** As `causeway replay` does: logged decisions are passed over. */
async function deriveAll(log: EventLog): Promise<number> {
  const engine = createEngine()
  let decisions = 0
  for await (const batch of log.readAll())
    for (const recorded of batch) {
      const event = upcast(recorded)
      if (isInput(event)) decisions += engine.decide(event as Input).length
    }
  return decisions
}

async function timed<T>(run: () => Promise<T>): Promise<{ readonly seconds: number; readonly result: T }> {
  const startedMs = performance.now()
  const result = await run()
  return { seconds: (performance.now() - startedMs) / 1000, result }
}
