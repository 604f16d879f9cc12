import { createAnswering } from './answering.ts'
import { defaultCorrelatorLimits, type CorrelatorLimits } from './correlator-limits.ts'
import { engineBeingMade, startCorrelator, type Correlator, type CorrelatorOptions } from './correlator.ts'
import type { ReportLimits } from './coverage.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import { CorrelatorReplacedError, type Fence } from './fenced-appends.ts'
import { defaultFollowerLimits, startFollower, type Follower, type FollowerLimits } from './follower.ts'
import type { Stand } from './logged-decisions.ts'
import { EngineFailedError, type EngineFailure } from './parked-inputs.ts'
import { settlable } from './settlable.ts'
import { watchLeader, type TakeoverLimits } from './watch-leader.ts'

export interface SharedLimits extends CorrelatorLimits, FollowerLimits, ReportLimits, TakeoverLimits {}

export const defaultSharedLimits: SharedLimits = {
  ...defaultFollowerLimits,
  ...defaultCorrelatorLimits,
  reportMs: 500,
  reportInputs: 100,
  takeoverMs: 10_000,
  probeMs: 60_000,
  watchMs: 100,
}

/** An engine, and where in the log it stands. */
export interface StandingEngine<Engine extends DecidingEngine> {
  readonly engine: Engine
  readonly resume: Stand | undefined
}

export interface SharedOptions<Engine extends DecidingEngine> extends Omit<
  CorrelatorOptions,
  'engine' | 'resume' | 'renew' | 'isWhole' | 'fence' | 'answering' | 'report' | 'instance' | 'limits'
> {
  /** May decide when nobody else does; else it follows for ever. */
  readonly mayDecide: boolean
  /** At the start, and again where the engine has decided what another one decides now, or has failed midway. */
  readonly makeEngine: () => Promise<StandingEngine<Engine>>
  /** A new name for each time that this process begins to decide. */
  readonly newInstance: () => string
  readonly limits?: Partial<SharedLimits>
  /** Told of every input that another process decided and the engine has folded. */
  readonly onFolded?: (inputs: number) => void
}

export interface SharedCorrelator<Engine> extends Correlator {
  /** The engine in use. */
  engine(): Engine
}

/**
 * Follows a log that several processes share, and decides where nobody else does. Its engine folds what others decide, so
 * that it answers questions as theirs would, and knows everything when it has to take over. One that is replaced goes back
 * to following, with a new engine: the old one may have decided what the log does not hold.
 *
 * So does one whose engine fails: what it failed at is parked, and it says that it ends. Another one that stands by, whose
 * engine is whole, goes on at once; where there is none, it is this one again, as soon as it knows everything. Where an engine
 * fails that only follows, it is made again without what it failed at; before it decides, once more and with it, so that
 * what is parked is a fact of the log.
 */
export async function shareDeciding<Engine extends DecidingEngine>(
  options: SharedOptions<Engine>,
): Promise<SharedCorrelator<Engine>> {
  const { mayDecide, makeEngine, onTrouble = () => {} } = options
  const { stopwatchMs = () => performance.now() } = options
  const limits = { ...defaultSharedLimits, ...options.limits }
  const { writer, clock } = options
  const answering = createAnswering({ writer, nowMs: clock.nowMs, limits, stopwatchMs })
  const abort = new AbortController()
  const retries = { retryLimits: limits, onTrouble, signal: abort.signal }
  const ready = settlable()
  let current = await makeEngine()
  let isWhole = false
  let failures: readonly EngineFailure[] = []
  let follower: Follower | undefined
  let leader: Correlator | undefined
  let stand = (): Stand | undefined => current.resume

  const makeAnew = async () => {
    isWhole = false
    answering.lag.worked(false)
    stand = () => undefined
    if (!abort.signal.aborted) current = await makeEngine()
  }

  const becomeWhole = () => {
    isWhole = true
    ready.resolve()
  }

  /** Until `signal`: gives the right to decide. */
  const watch = async (following: Follower, signal: AbortSignal): Promise<Fence | undefined> => {
    if (!mayDecide) return untilAborted(signal)
    const { log, shard = 0, engineVersion } = options
    const fence = { log, shard, engineVersion, instance: options.newInstance(), nowMs: clock.nowMs }
    const { engine } = current
    return watchLeader({
      ...fence,
      ...retries,
      signal,
      follower: following,
      engine,
      clock,
      writer,
      limits,
      stopwatchMs,
    })
  }

  /** Until nobody else decides: gives the right to. Undefined after `stop`. */
  const follow = async (): Promise<Fence | undefined> => {
    const following = startFollower({
      ...options,
      ...current,
      failures,
      answering,
      retries,
      limits,
      stopwatchMs,
    })
    follower = following
    stand = () => following.stand()
    following.ready.then(becomeWhole).catch(() => {})
    const over = new AbortController()
    const watching = watch(following, AbortSignal.any([abort.signal, over.signal]))
    try {
      await Promise.race([following.finished, watching])
      await following.stop()
      // What it folded last may have been what its engine fails at.
      await following.finished
      current = { ...current, resume: following.stand() }
    } catch (error) {
      if (!(error instanceof EngineFailedError)) throw error
      onTrouble(error)
      failures = [...failures, error]
      await makeAnew()
    } finally {
      over.abort()
    }
    // It may have been raised in the very moment.
    return watching
  }

  const decide = async (fence: Fence): Promise<void> => {
    // In the midst of a group the engine stands nowhere; older releases left such places. Neither does one that has left out
    // what the log does not say is parked.
    if (current.resume === undefined) await makeAnew()
    failures = []
    const { instance } = fence
    const deciding = startCorrelator({
      ...options,
      ...current,
      isWhole,
      instance,
      fence,
      answering,
      report: limits,
      limits,
    })
    leader = deciding
    stand = () => deciding.stand()
    deciding.ready.then(becomeWhole).catch(() => {})
    if (abort.signal.aborted) void deciding.stop()
    try {
      await deciding.finished
    } catch (error) {
      if (error instanceof CorrelatorReplacedError) {
        onTrouble(new CorrelatorReplacedError('another correlator decides now: this one stands by'))
      } else if (error instanceof EngineFailedError) {
        onTrouble(error)
      } else {
        throw error
      }
      // Nobody may ask the old one any more.
      leader = undefined
      await makeAnew()
    } finally {
      leader = undefined
    }
  }

  const takePart = async () => {
    while (!abort.signal.aborted) {
      const fence = await follow()
      if (fence !== undefined) await decide(fence)
    }
  }
  const finished = takePart().finally(() => {
    abort.abort()
    answering.close()
    ready.reject(new Error('it was stopped before it had caught up with the log'))
  })
  finished.catch(() => {})

  const undecidedMs = () => {
    const sinceMs = leader === undefined ? follower?.sighting().undecidedSinceMs : undefined
    return sinceMs === undefined ? 0 : Math.max(0, stopwatchMs() - sinceMs)
  }
  return {
    ready: ready.promise,
    finished,
    decided: (inputId, waitMs) => answering.decided(inputId, waitMs),
    assess: (draft) => {
      if (leader !== undefined) return leader.assess(draft)
      if (!isWhole) throw engineBeingMade()
      return current.engine.assess(draft, clock.nowMs())
    },
    lag: () => ({ ...answering.lag.read(), undecidedMs: undecidedMs() }),
    askedAgoMs: () => answering.askedAgoMs(),
    sizes: () => current.engine.sizes(),
    ruleset: () => current.engine.ruleset(),
    stand: () => stand(),
    decides: async () => leader?.decides() ?? false,
    engine: () => current.engine,
    async stop() {
      abort.abort()
      await leader?.stop()
      await finished.catch(() => {})
    },
  }
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
    if (signal.aborted) resolve(undefined)
  })
}
