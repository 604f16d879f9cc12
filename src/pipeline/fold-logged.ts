import { decisionStream } from '../../schemas/stream.ts'
import type { LogReader } from '../event-log/event-log.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import { isInputPlace, readInput } from './decision-groups.ts'
import { readLoggedDecisions, type Stand } from './logged-decisions.ts'
import { intakeOf, readParkedInputs } from './parked-inputs.ts'

export interface FoldLoggedOptions {
  readonly log: LogReader
  readonly engine: DecidingEngine
  /** Where the engine stands; left out at the beginning of the log. */
  readonly resume?: Stand | undefined
  readonly engineVersion: string
  readonly shard?: number
  /** Called often; what it throws ends the work. */
  readonly onProgress?: (events: number) => void
}

/**
 * Folds what is decided, up to the last input that the logged decisions cover, and decides nothing: so it may run beside the
 * correlator that does. Answers where the engine stands then; undefined where that is no place to go on from, since decisions of
 * a later input lie before it.
 */
export async function foldLogged(options: FoldLoggedOptions): Promise<Stand | undefined> {
  const { log, engine, resume, engineVersion, shard = 0, onProgress = () => {} } = options
  const last = await log.revisionOf(decisionStream(shard))
  if (last === 'no_stream') return resume
  const takeIn = intakeOf(engine, await readParkedInputs(log, shard, engineVersion))
  const logged = readLoggedDecisions(log, shard, last, resume)
  let stand = resume
  let events = 0
  for await (const batch of log.readAll(resume === undefined ? {} : { after: resume.position })) {
    for (const recorded of batch) {
      if (!isInputPlace(recorded)) continue
      const loading = logged.prepare()
      if (loading !== undefined) await loading
      const known = logged.take(recorded.id)
      if (known === undefined) return stand
      const input = readInput(recorded)
      if (input !== undefined) takeIn(input, () => engine.fold(input, known))
      const decisions = logged.settledRevision()
      stand =
        decisions === undefined
          ? undefined
          : { lastInput: recorded.id, position: recorded.position, decisions }
    }
    events += batch.length
    onProgress(events)
  }
  return stand
}
