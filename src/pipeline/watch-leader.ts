import { setTimeout as pause } from 'node:timers/promises'
import { decisionStream } from '../../schemas/stream.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { clockTicked } from './clock-ticks.ts'
import type { Clock } from './clock.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import { raiseFenceAt, type Fence, type FenceOptions } from './fenced-appends.ts'
import type { Follower, Sighting } from './follower.ts'
import type { Writer } from './writer.ts'

export interface TakeoverLimits {
  /** Inputs lie undecided for so long, and nothing is heard of whoever should decide them: it is taken for dead. */
  readonly takeoverMs: number
  /** After so much silence it is asked for a sign of life, by an input that it has to decide. */
  readonly probeMs: number
  /** How often it is looked after. */
  readonly watchMs: number
}

export interface WatchOptions extends FenceOptions {
  readonly follower: Follower
  readonly engine: Pick<DecidingEngine, 'nextDeadlineMs'>
  readonly clock: Clock
  readonly writer: Writer
  readonly limits: TakeoverLimits
  readonly stopwatchMs?: () => number
}

/**
 * Watches whoever decides, and takes over when it has ended or is silent: the fence is raised exactly behind what was seen of
 * it, so that one that has gone on meanwhile, unseen, keeps its place. Undefined where it was told to stop before.
 *
 * Silence means something only while there is something to decide. So in a log that stands still, and at the beginning, a
 * tick of the clock is written: an input like any other, which whoever lives reports as decided.
 */
export async function watchLeader(options: WatchOptions): Promise<Fence | undefined> {
  const { log, shard, follower, engine, clock, writer, limits, signal, onTrouble } = options
  const { stopwatchMs = () => performance.now() } = options
  let triedMs = Number.NEGATIVE_INFINITY
  let probedMs: number | undefined
  let preparedMs = Number.NEGATIVE_INFINITY

  const tryOut = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      onTrouble(error instanceof Error ? error : new Error(String(error)))
      return undefined
    }
  }
  const isProbeDue = ({ heardMs, undecidedSinceMs }: Sighting, nowMs: number): boolean => {
    if (undecidedSinceMs !== undefined) return false
    if (heardMs === undefined && probedMs === undefined) return true
    const quietMs = nowMs - Math.max(heardMs ?? 0, probedMs ?? 0)
    const overdueMs = clock.nowMs() - (engine.nextDeadlineMs() ?? Number.POSITIVE_INFINITY)
    return quietMs >= limits.probeMs || (overdueMs >= limits.takeoverMs && quietMs >= limits.takeoverMs)
  }

  while (!signal.aborted) {
    await pause(limits.watchMs, undefined, { signal }).catch(() => {})
    if (signal.aborted || !follower.isWaiting()) continue
    const nowMs = stopwatchMs()
    if (nowMs - preparedMs >= limits.probeMs) {
      preparedMs = nowMs
      await tryOut(() => prepare(log, decisionStream(shard)))
      continue
    }
    const sighting = follower.sighting()
    if (isGone(sighting, nowMs, limits.takeoverMs, triedMs)) {
      const { revision } = sighting
      const fence = await tryOut(() => raiseFenceAt(options, revision < 0 ? 'no_stream' : revision))
      if (fence !== undefined) return fence
      triedMs = stopwatchMs()
    } else if (isProbeDue(sighting, nowMs)) {
      probedMs = nowMs
      await tryOut(() => writer.write([clockTicked(Math.trunc(clock.nowMs()))]))
    }
  }
  return undefined
}

function isGone(
  { revision, stopped, heardMs = 0, undecidedSinceMs }: Sighting,
  nowMs: number,
  takeoverMs: number,
  triedMs: number,
): boolean {
  if (stopped || revision < 0) return true
  return undecidedSinceMs !== undefined && nowMs - Math.max(undecidedSinceMs, heardMs, triedMs) >= takeoverMs
}

async function prepare(log: EventLog, stream: string): Promise<void> {
  await log.prepare?.(stream)
}
