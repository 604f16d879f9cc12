import { createEngine } from '../../src/correlate/engine.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { toMs } from '../../schemas/instant.ts'
import { virtualClock } from '../../src/pipeline/clock.ts'
import { startCorrelator } from '../../src/pipeline/correlator.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { until } from '../pipeline/until.ts'
import { endOf, townStory } from './town-story.ts'

/**
 * Tells the story of a seed to the log in a folder while the correlator decides it, and writes a line for each slice that
 * is durable; at the end `done`. Started again after a kill it tells everything again: what is known changes nothing.
 */
const [, , folder = '', seed = '', days = '', instance = ''] = process.argv
const inputs = townStory(Number(seed), Number(days))
const log = await openLmdbLog({ folder })
const clock = virtualClock(toMs(inputs[0]?.recordedAt ?? ''))
const writer = createWriter({ log })
const engine = createEngine('1')
const correlator = startCorrelator({
  log,
  clock,
  writer,
  engine,
  engineVersion: '1',
  instance,
  limits: { sliceMs: 0, maxDecisionsPerAppend: 3 },
  onSlice: ({ decisions }) => {
    if (decisions > 0) process.stdout.write(`${decisions}\n`)
  },
})
for (let at = 0; at < inputs.length; at += 5) await writer.write(inputs.slice(at, at + 5))
await correlator.ready
await until(() => correlator.lag().events === 0)
const endMs = endOf(inputs)
clock.advanceTo(endMs)
await until(() => (engine.nextDeadlineMs() ?? Infinity) > endMs && correlator.lag().events === 0)
await correlator.stop()
await log.close()
process.stdout.write('done\n')
