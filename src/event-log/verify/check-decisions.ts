import { decisionTypes, isInputType } from '../../../schemas/event.ts'
import { isDecisionStream } from '../../../schemas/stream.ts'
import type { Position, RecordedEvent } from '../event-log.ts'
import { findingAt, type Finding, type Scan } from './finding.ts'

const decisions: ReadonlySet<string> = new Set(decisionTypes)

/** Whether an event is one of the engine's own. */
export function isDecision({ type }: RecordedEvent): boolean {
  return decisions.has(type)
}

/** Whether it is a place among the inputs of the engine, be it readable or not. */
function isInput({ type, stream }: RecordedEvent): boolean {
  return isInputType(type) && !isDecisionStream(stream)
}

/** Covers inputs as a batch of decisions does, and follows from none. */
export function isReport({ type }: RecordedEvent): boolean {
  return type === 'CorrelatorReported'
}

/**
 * Checks that every decision follows from an input that lies before it, in the order of the inputs, and that every batch
 * names such an input as the last that it covers: a fold pairs inputs with their decisions by nothing else. Walks along the
 * inputs with a second reading of the log, so that memory does not grow with the distance between an input and its decisions.
 */
export interface DecisionCheck {
  check(event: RecordedEvent): Promise<Finding | undefined>
  /** Checks what the last batch covers. */
  end(): Promise<Finding | undefined>
}

/** For the decisions and reports of one stream, given in order. */
export function decisionCheck(scan: Scan): DecisionCheck {
  const inputs = inputCursor(scan)
  let last: RecordedEvent | undefined

  const checkCovers = async (decision: RecordedEvent | undefined): Promise<Finding | undefined> => {
    const covers = decision?.meta.covers
    if (decision === undefined || covers === undefined || inputs.isAtOrJustBefore(covers)) return undefined
    if (await inputs.seek(covers, decision.position)) return undefined
    return findingAt(
      decision,
      'decision',
      `its batch covers ${covers}, which is no input before it behind those that earlier batches cover`,
    )
  }

  return {
    async check(event) {
      const isNextBatch = last !== undefined && last.meta.covers !== event.meta.covers
      const coversFinding = isNextBatch ? await checkCovers(last) : undefined
      last = event
      if (coversFinding !== undefined || isReport(event)) return coversFinding
      const cause = event.meta.causationId
      if (cause === undefined) return findingAt(event, 'decision', 'it names no input')
      if (inputs.isAt(cause) || (await inputs.seek(cause, event.position))) return undefined
      return findingAt(
        event,
        'decision',
        `it follows from ${cause}, which is no input before it behind those of earlier decisions`,
      )
    },
    end: () => checkCovers(last),
  }
}

/** A place among the inputs of a log. */
interface InputCursor {
  isAt(id: string): boolean
  isAtOrJustBefore(id: string): boolean
  /** Moves on to an input that lies before a position. Answers false, and stays, where there is none. */
  seek(id: string, before: Position): Promise<boolean>
}

interface Place {
  readonly id: string
  readonly position: Position
}

function inputCursor(scan: Scan): InputCursor {
  let batches = scan()[Symbol.asyncIterator]()
  let batch: readonly RecordedEvent[] = []
  let index = 0
  let current: Place | undefined
  let previous: Place | undefined

  /** The next input, not yet taken; undefined at the end of the log. */
  const peek = async (): Promise<RecordedEvent | undefined> => {
    for (;;) {
      for (let event = batch[index]; event !== undefined; event = batch[(index += 1)]) {
        if (isInput(event)) return event
      }
      const next = await batches.next()
      if (next.done === true) return undefined
      batch = next.value.events
      index = 0
    }
  }
  const goBack = async (to: Place | undefined, before: Place | undefined) => {
    await batches.return?.()
    batches = scan(to?.position)[Symbol.asyncIterator]()
    batch = []
    index = 0
    current = to
    previous = before
  }

  return {
    isAt: (id) => current?.id === id,
    isAtOrJustBefore: (id) => current?.id === id || previous?.id === id,
    async seek(id, before) {
      const from = current
      const fromPrevious = previous
      for (let input = await peek(); input !== undefined && input.position < before; input = await peek()) {
        index += 1
        previous = current
        current = input
        if (input.id === id) return true
      }
      await goBack(from, fromPrevious)
      return false
    },
  }
}
