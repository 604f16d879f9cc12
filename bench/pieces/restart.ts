import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toInstant } from '../../schemas/instant.ts'
import { createEngine, engineVersion, type Engine } from '../../src/correlate/engine.ts'
import { newEvent } from '../../src/domain/new-event.ts'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { readCheckpoint, writeCheckpoint } from '../../src/pipeline/checkpoint-file.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator, type Correlator } from '../../src/pipeline/correlator.ts'
import { foldLogged } from '../../src/pipeline/fold-logged.ts'
import { keepCheckpoints } from '../../src/pipeline/keep-checkpoints.ts'
import type { Stand } from '../../src/pipeline/logged-decisions.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { wholeCity } from '../city-options.ts'
import type { Piece } from '../piece.ts'
import { toRow } from '../row.ts'
import { writeLog } from './replay-rates.ts'

const fullEvents = 1_000_000
const usualEvents = 150_000
/** What a server takes in until the next checkpoint is taken beside it, decisions and the time that this takes included. */
const tailEvents = 50_000
const make = 'bench'

/** (h): from start to caught up, out of checkpoints and out of the whole log; and what taking them costs. */
export const restart: Piece = async ({ full, say }) => {
  const size = full ? fullEvents : usualEvents
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'))
  const [besideFile, file] = [join(folder, 'beside.checkpoint'), join(folder, 'engine.checkpoint')]
  const log = await openLmdbLog({ folder: join(folder, 'log') })
  try {
    say(`writing a log of ${size} events`)
    const halfway = {
      events: size - tailEvents,
      run: async () => {
        say('taking a checkpoint beside')
        await takeBeside(log, besideFile)
      },
    }
    const events = (await writeLog(log, size, halfway)).length
    say('restart from the whole log')
    const engine = createEngine()
    const whole = await caughtUp(log, engine)
    say('taking a checkpoint')
    const takenMs = await checkpoint(log, whole.correlator, engine, file)
    const note = `seed ${wholeCity.seed}; ${events} events, window of ${engine.sizes()['complaints']} complaints and ${engine.sizes()['alarms']} alarms; one run${full ? '' : ` (--full: ${fullEvents})`}`
    const peer = { name: 'restart from the whole log', value: whole.seconds }
    const mostRatio = full ? 0.1 : 1
    say('restart from the checkpoint')
    const seconds = await resumedFrom(log, file)
    say('restart from the checkpoint beside, and the tail')
    const killedSeconds = await resumedFrom(log, besideFile)
    say('taking the next checkpoint beside')
    const besideSeconds = await takeBeside(log, besideFile)
    return [
      toRow({ name: 'h restart from a checkpoint', unit: 's', value: seconds, peer, mostRatio, note }),
      toRow({
        name: 'h restart after a kill: a checkpoint and the tail',
        unit: 's',
        value: killedSeconds,
        peer,
        mostRatio,
        note: `${tailEvents} events behind the checkpoint; ${note}`,
      }),
      toRow({ name: 'h the engine held up by taking a checkpoint', unit: 'ms', value: takenMs, note }),
      toRow({
        name: 'h taking the next checkpoint beside the server',
        unit: 's',
        value: besideSeconds,
        note: `in a process of its own: the last one read, the tail folded, the next one written; ${note}`,
      }),
    ]
  } finally {
    await log.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function lastTaken(
  log: EventLog,
  file: string,
): Promise<{ engine: Engine; resume: Stand | undefined }> {
  const found = await readCheckpoint(file, make, log)
  if (found.kind !== 'read') return { engine: createEngine(), resume: undefined }
  const { engine, ...resume } = found.checkpoint
  return { engine: createEngine(engineVersion, engine), resume }
}

/** As the process beside a server does it; answers how long it took. */
async function takeBeside(log: EventLog, file: string): Promise<number> {
  const startedMs = performance.now()
  const { engine, resume } = await lastTaken(log, file)
  const stand = await foldLogged({ log, engine, resume, engineVersion })
  if (stand === undefined) throw new Error('no checkpoint could be taken')
  await writeCheckpoint(file, make, log, { ...stand, engine: engine.snapshot() })
  return (performance.now() - startedMs) / 1000
}

async function resumedFrom(log: EventLog, file: string): Promise<number> {
  const startedMs = performance.now()
  const { engine, resume } = await lastTaken(log, file)
  if (resume === undefined) throw new Error('no checkpoint was written')
  const { correlator } = await caughtUp(log, engine, resume)
  const seconds = (performance.now() - startedMs) / 1000
  await correlator.stop()
  return seconds
}

let instances = 0

async function caughtUp(
  log: EventLog,
  engine: Engine,
  resume?: Stand,
): Promise<{ readonly correlator: Correlator; readonly seconds: number }> {
  const startedMs = performance.now()
  const correlator = startCorrelator({
    log,
    engine,
    resume,
    engineVersion,
    clock: virtualClock(engine.timeMs),
    writer: createWriter({ log }),
    instance: `bench ${(instances += 1)}`,
  })
  await correlator.ready
  return { correlator, seconds: (performance.now() - startedMs) / 1000 }
}

/** Stops the engine in good order, as a server does, behind one more input that it decides; answers how long the snapshot took. */
async function checkpoint(
  log: EventLog,
  correlator: Correlator,
  engine: Engine,
  file: string,
): Promise<number> {
  const at = toInstant(engine.timeMs)
  const meta = { source: 'causeway', actor: 'causeway' }
  const tick = newEvent(
    'ClockTicked',
    {},
    { subject: 'clock', notification: 'bench', occurredAt: at, recordedAt: at, meta },
  )
  await createWriter({ log }).write([tick])
  await correlator.decided(tick.id, 60_000)
  await correlator.stop()
  let takenMs = 0
  const snapshot = () => {
    const startedMs = performance.now()
    const taken = engine.snapshot()
    takenMs = performance.now() - startedMs
    return taken
  }
  const stand = () => correlator.stand()
  const onTrouble = (error: unknown) => {
    throw error
  }
  const keeper = keepCheckpoints({ file, make, log, snapshot, stand, everyInputs: 1, onTrouble })
  keeper.stored(1)
  await keeper.close()
  return takenMs
}
