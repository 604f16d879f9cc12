import { eventId } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import { decisionStream } from '../../schemas/stream.ts'
import type { EventLog, ExpectedRevision, Position } from '../event-log/event-log.ts'
import { retried, type RetryOptions } from './retried.ts'

/** Another correlator decides now; this one must not go on. */
export class CorrelatorReplacedError extends Error {
  override readonly name = 'CorrelatorReplacedError'
}

/** The engine decided otherwise than what is logged under the same id: it is not deterministic, or the log was altered. */
export class DecisionDiffersError extends Error {
  override readonly name = 'DecisionDiffersError'
}

/** The right to append to the decisions of one shard, until somebody else takes it. */
export interface Fence {
  /** The revision of the fence itself: logged decisions up to here are history. */
  readonly revision: number
  readonly position: Position
  readonly stream: string
  readonly instance: string
  /** The last revision of the stream: of the fence, or of the last decision appended through it. */
  lastRevision(): number
  /** Durable when it resolves. Waits while the log cannot be written. Throws `CorrelatorReplacedError`, `DecisionDiffersError`. */
  append(decisions: readonly Event[]): Promise<void>
  /** Whether nobody has written behind it. Ask while no append is under way. */
  holds(): Promise<boolean>
}

export interface FenceOptions extends RetryOptions {
  readonly log: EventLog
  readonly shard: number
  readonly instance: string
  readonly engineVersion: string
  readonly nowMs: () => number
}

const maxFenceAttempts = 10

/** Takes over the decisions of a shard, whoever decided before: they fail their next append. */
export async function raiseFence(options: FenceOptions): Promise<Fence> {
  const { log, shard } = options
  const stream = decisionStream(shard)
  for (let attempt = 1; attempt <= maxFenceAttempts; attempt += 1) {
    const expected = await log.revisionOf(stream)
    const fence = await retried(options, () => raiseFenceAt(options, expected))
    if (fence !== undefined) return fence
  }
  throw new CorrelatorReplacedError(
    `${stream} is written to by another correlator all the time: stop the other one first`,
  )
}

/**
 * Takes over the decisions of a shard where nothing lies behind a revision of them; undefined where something does, for
 * then somebody is at work. Tries once. Throws what the log throws.
 */
export async function raiseFenceAt(
  options: FenceOptions,
  expected: ExpectedRevision,
): Promise<Fence | undefined> {
  const { log, shard, instance, engineVersion } = options
  const stream = decisionStream(shard)
  const at = toInstant(options.nowMs())
  const started: Event = {
    id: eventId('engine', 'CorrelatorStarted', instance),
    type: 'CorrelatorStarted',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: { shard, instance, engineVersion },
    meta: { source: 'engine', actor: 'engine' },
  }
  const result = await log.append(stream, [started], expected)
  return result.kind === 'appended' ? fenceAt(options, stream, result.revision, result.position) : undefined
}

function fenceAt(options: FenceOptions, stream: string, revision: number, position: Position): Fence {
  let expected = revision
  return {
    revision,
    position,
    stream,
    instance: options.instance,
    lastRevision: () => expected,
    async append(decisions) {
      // Sent again after a failure, what was stored the first time is known by its ids, so the end must fit either way.
      const result = await retried(options, () => options.log.append(stream, decisions, expected))
      if (result.kind === 'wrong-revision') throw replacedBy(stream)
      const [known] = result.differing
      if (known !== undefined) throw decisionDiffers(known)
      const wanted = expected + decisions.length
      if (result.revision > wanted) throw replacedBy(stream)
      if (result.revision < wanted) throw decidedTwice(result.duplicates)
      expected = result.revision
    },
    holds: async () => (await options.log.revisionOf(stream)) === expected,
  }
}

export function replacedBy(stream: string): CorrelatorReplacedError {
  return new CorrelatorReplacedError(
    `another correlator has taken over ${stream}: only one may decide, so this one stops. Stop one of the two servers`,
  )
}

function decidedTwice([id]: readonly string[]): DecisionDiffersError {
  return new DecisionDiffersError(`decision ${id} was logged before: the engine gave one id to two decisions`)
}

export function decisionDiffers(id: string): DecisionDiffersError {
  return new DecisionDiffersError(
    `decision ${id} is logged with other content: the engine has changed without a new version, or the log was altered`,
  )
}
