import { eventId } from '../../schemas/event-id.ts'
import type { EventOf } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import { readStored } from '../../schemas/read-stored.ts'
import { parkedStream } from '../../schemas/stream.ts'
import type { Input } from '../correlate/engine.ts'
import { DeadlineFailedError } from '../correlate/step.ts'
import { ArchivedError, type EventLog, type LogReader, type RecordedEvent } from '../event-log/event-log.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import { retried, type RetryOptions } from './retried.ts'

/**
 * What one version of the engine could not take: whole inputs, which are left out, and what fell due at an input and failed,
 * which is dropped before that input is taken in. The same list gives the same engine from any beginning (E2).
 */
export interface ParkedInputs {
  isParked(inputId: string): boolean
  deadlinesAt(inputId: string): readonly string[]
  has(failure: EngineFailure): boolean
  /** Known already, nothing changes. */
  add(failure: EngineFailure): void
  readonly size: number
}

/** What failed: an input, or with `deadline` (kind:id) what fell due when it came. */
export interface EngineFailure {
  readonly inputId: string
  readonly deadline?: string | undefined
}

/** The engine threw while it took an input in: it is half changed, and must be made again without what failed. */
export class EngineFailedError extends Error implements EngineFailure {
  override readonly name = 'EngineFailedError'
  readonly inputId: string
  readonly deadline: string | undefined
  constructor(inputId: string, cause: unknown) {
    super(String(cause), { cause })
    this.inputId = inputId
    this.deadline = cause instanceof DeadlineFailedError ? cause.deadline : undefined
  }
}

export function noParkedInputs(): ParkedInputs {
  const inputs = new Set<string>()
  const deadlines = new Map<string, readonly string[]>()
  let size = 0
  const deadlinesAt = (inputId: string) => deadlines.get(inputId) ?? []
  const has = ({ inputId, deadline }: EngineFailure) =>
    deadline === undefined ? inputs.has(inputId) : deadlinesAt(inputId).includes(deadline)
  return {
    isParked: (inputId) => inputs.has(inputId),
    deadlinesAt,
    has,
    add({ inputId, deadline }) {
      if (has({ inputId, deadline })) return
      size += 1
      if (deadline === undefined) inputs.add(inputId)
      else deadlines.set(inputId, [...deadlinesAt(inputId), deadline])
    },
    get size() {
      return size
    },
  }
}

/** What an event says that this version of the engine could not take; what others could not, it tries. */
export function readFailure(recorded: RecordedEvent, engineVersion: string): EngineFailure | undefined {
  const stored = readStored(recorded)
  if (stored.kind === 'unreadable' || stored.event.type !== 'InputParked') return undefined
  return stored.event.data.engineVersion === engineVersion ? stored.event.data : undefined
}

/** What the log says that this version of the engine could not take, added to what is known of it. */
export async function readParkedInputs(
  log: LogReader,
  shard: number,
  engineVersion: string,
  parked = noParkedInputs(),
): Promise<ParkedInputs> {
  try {
    for await (const batch of log.readStream(parkedStream(shard), { direction: 'backwards' })) {
      for (const recorded of batch) {
        const failure = readFailure(recorded, engineVersion)
        if (failure !== undefined) parked.add(failure)
      }
    }
  } catch (error) {
    // What failed so long ago is archived itself: whoever folds that needs the archive, and nobody else this.
    if (!(error instanceof ArchivedError)) throw error
  }
  return parked
}

/** Fails at so many inputs and deadlines with nothing good in between are the engine's fault, and no more are parked. */
const maxParkedInARow = 20

/** It cannot be the events: the engine must not go on leaving them out. */
export class EngineUnfitError extends Error {
  override readonly name = 'EngineUnfitError'
}

/**
 * Takes inputs in, one after the other, without what is parked of them; answers `undefined` where all of an input is. Throws
 * `EngineFailedError` where the engine throws, and `EngineUnfitError` where it fails at everything.
 */
export function intakeOf(
  engine: Pick<DecidingEngine, 'drop'>,
  parked: ParkedInputs,
): <Result>(input: Input, work: () => Result) => Result | undefined {
  let inARow = 0
  return (input, work) => {
    const deadlines = parked.deadlinesAt(input.id)
    const isParked = parked.isParked(input.id)
    inARow += deadlines.length + (isParked ? 1 : 0)
    if (isParked) return undefined
    try {
      for (const deadline of deadlines) engine.drop(deadline)
      const result = work()
      if (deadlines.length === 0) inARow = 0
      return result
    } catch (error) {
      if (inARow < maxParkedInARow) throw new EngineFailedError(input.id, error)
      throw new EngineUnfitError(
        `the engine failed ${inARow} times in a row, last at ${input.id} (${String(error)}): it is not the events. Go back to the version before, and report it`,
        { cause: error },
      )
    }
  }
}

export interface ParkOptions extends RetryOptions {
  readonly log: EventLog
  readonly shard: number
  readonly engineVersion: string
  readonly nowMs: () => number
}

const maxReasonLength = 500

/**
 * Makes a failure a fact of the log, durable when it resolves; known already, nothing changes. No fence is needed: whoever
 * runs this version fails at the same place.
 */
export async function parkInput(options: ParkOptions, failure: EngineFailedError): Promise<void> {
  const { log, shard, engineVersion } = options
  const { inputId, deadline, message } = failure
  const at = toInstant(options.nowMs())
  const event: EventOf<'InputParked'> = {
    id: eventId('engine', 'InputParked', `${engineVersion} ${inputId} ${deadline ?? ''}`),
    type: 'InputParked',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: {
      shard,
      inputId,
      ...(deadline === undefined ? {} : { deadline }),
      reason: message.slice(0, maxReasonLength).toWellFormed(),
      engineVersion,
    },
    meta: { source: 'engine', actor: 'engine', causationId: inputId },
  }
  const stream = parkedStream(shard)
  for (;;) {
    const expected = await log.revisionOf(stream)
    const result = await retried(options, () => log.append(stream, [event], expected))
    if (result.kind === 'appended') return
  }
}
