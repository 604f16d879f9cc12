import { setImmediate as nextTurn } from 'node:timers/promises'
import { canonicalJson } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import type { Decision, Input } from '../correlate/engine.ts'
import { DamagedRecordError, type Batch, type Position, type RecordedEvent } from '../event-log/event-log.ts'
import type { DecidingEngine } from './deciding-engine.ts'
import { decisionDiffers, replacedBy, type Fence } from './fenced-appends.ts'
import { isInputPlace, readInput } from './decision-groups.ts'
import type { LoggedDecisions } from './logged-decisions.ts'
import { intakeOf, type ParkedInputs } from './parked-inputs.ts'
import type { Decided } from './plan-decision-appends.ts'

/** A part of a batch whose decisions become durable together. */
export interface Slice {
  /** The last input before the slice. */
  readonly coveredBefore: string | undefined
  /** Inputs that nobody had decided, with what is to be logged for them. */
  readonly decided: readonly Decided[]
  /** Inputs folded, decided now or before. */
  readonly inputs: number
  /** Of the last of them. */
  readonly lastPosition?: Position
  readonly lastInput?: string
  /** The last of them was decided now: nothing that is logged is still to be folded. */
  readonly endsDecided: boolean
  readonly decideMs: number
}

export interface SliceOptions {
  readonly engine: DecidingEngine
  readonly fence: Fence
  readonly logged: LoggedDecisions
  /** Left out, live as in every rebuild. */
  readonly parked: ParkedInputs
  readonly turnMs: number
  readonly sliceMs: number
  readonly maxDecisionsPerAppend: number
  readonly stopwatchMs: () => number
  readonly signal: AbortSignal
  /** The last input that the engine knows already. */
  readonly lastInput?: string | undefined
  /** Told before each input: until its slice is stored, the engine is ahead of the log. */
  readonly onInput: () => void
}

/**
 * Folds batches of the log into the engine: inputs with logged decisions as they are logged, others decided now. What is parked
 * or cannot be read is left out, and counts as decided with nothing. Throws `EngineFailedError` where the engine throws.
 */
export function sliceDecider(options: SliceOptions): (batch: Batch) => AsyncGenerator<Slice> {
  const {
    engine,
    fence,
    logged,
    parked,
    turnMs,
    sliceMs,
    maxDecisionsPerAppend,
    stopwatchMs,
    signal,
    onInput,
  } = options
  let { lastInput } = options
  const takeIn = intakeOf(engine, parked)

  const decide = (input: Input): Decided => ({
    inputId: input.id,
    decisions: withoutLogged(takeIn(input, () => engine.decide(input)) ?? [], logged.takePart(input.id)),
  })

  return async function* slices({ events }) {
    let slice = emptySlice(lastInput)
    let decisions = 0
    let turnStartMs = stopwatchMs()
    let earlierTurnsMs = 0
    for (const recorded of events) {
      if (!isInputPlace(recorded)) {
        refuseSuccessor(recorded, fence)
        continue
      }
      const input = readInput(recorded)
      const loading = logged.prepare()
      if (loading !== undefined) await loading
      const known = logged.take(recorded.id)
      onInput()
      if (known === undefined) {
        const decided = input === undefined ? { inputId: recorded.id, decisions: [] } : decide(input)
        slice.decided.push(decided)
        decisions += decided.decisions.length
      } else {
        requireHistory(recorded, fence)
        if (input !== undefined) takeIn(input, () => engine.fold(input, known))
      }
      lastInput = recorded.id
      slice.lastInput = recorded.id
      slice.endsDecided = known === undefined
      slice.inputs += 1
      slice.lastPosition = recorded.position
      const turnUsedMs = stopwatchMs() - turnStartMs
      const decideMs = earlierTurnsMs + turnUsedMs
      if (decideMs >= sliceMs || decisions >= maxDecisionsPerAppend) {
        yield { ...slice, decideMs }
        slice = emptySlice(lastInput)
        decisions = 0
        earlierTurnsMs = 0
      } else if (turnUsedMs >= turnMs) {
        earlierTurnsMs = decideMs
        await nextTurn()
      } else {
        continue
      }
      if (signal.aborted) return
      turnStartMs = stopwatchMs()
    }
    yield { ...slice, decideMs: earlierTurnsMs + stopwatchMs() - turnStartMs }
  }
}

interface GrowingSlice {
  readonly coveredBefore: string | undefined
  readonly decided: Decided[]
  inputs: number
  lastPosition?: Position
  lastInput?: string
  endsDecided: boolean
}

function emptySlice(coveredBefore: string | undefined): GrowingSlice {
  return { coveredBefore, decided: [], inputs: 0, endsDecided: false }
}

function refuseSuccessor({ type, stream, position }: RecordedEvent, fence: Fence): void {
  if (type === 'CorrelatorStarted' && stream === fence.stream && position > fence.position) {
    throw replacedBy(stream)
  }
}

/** Decisions lie behind their inputs; ones that wait for an input behind the fence have lost theirs. */
function requireHistory({ position }: RecordedEvent, fence: Fence): void {
  if (position <= fence.position) return
  throw new DamagedRecordError(
    position,
    'decisions lie before it whose inputs are nowhere; restore the log from a backup',
  )
}

/** Leaves out what an append before a crash has stored already. Throws `DecisionDiffersError` where it says otherwise. */
function withoutLogged(decisions: readonly Decision[], logged: readonly Decision[]): readonly Decision[] {
  if (logged.length === 0) return decisions
  const stored = new Map(logged.map((event) => [event.id, contentOf(event)]))
  return decisions.filter((decision) => {
    const content = stored.get(decision.id)
    if (content !== undefined && content !== contentOf(decision)) throw decisionDiffers(decision.id)
    return content === undefined
  })
}

function contentOf({ type, occurredAt, data }: Event): string {
  return canonicalJson({ type, occurredAt, data })
}
