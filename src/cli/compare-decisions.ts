import type { Event } from '../../schemas/event.ts'
import { readable } from '../../schemas/read-stored.ts'
import { decisionStream } from '../../schemas/stream.ts'
import type { LogReader, Position } from '../event-log/event-log.ts'
import { isDecision } from '../pipeline/decision-groups.ts'

/** Whether the engine decided again what is logged, byte for byte (E1). */
export interface DecisionComparison {
  readonly equal: boolean
  readonly loggedDecisions: number
  /** Decisions on inputs that were not decided yet when the log ended. */
  readonly notLogged: number
  /** Both as JSON. Absent also where the log goes on when nothing more is derived. */
  readonly firstDifference?: { readonly logged: string; readonly derived: string }
}

export interface DecisionComparer {
  compare(derived: readonly Event[]): Promise<void>
  end(): Promise<DecisionComparison>
}

/**
 * Walks along the decisions logged up to a position while they are derived again. What comes after the first difference is
 * not compared.
 */
export function compareDecisions(log: LogReader, head: Position | undefined): DecisionComparer {
  const logged = loggedDecisions(log, head)
  let loggedCount = 0
  let notLogged = 0
  let difference: DecisionComparison['firstDifference']

  return {
    async compare(derived) {
      for (const decision of derived) {
        if (difference !== undefined) return
        const next = await logged.next()
        const text = contentOf(decision)
        if (next.done === true) notLogged += 1
        else {
          loggedCount += 1
          const stored = contentOf(next.value)
          if (stored !== text) difference = { logged: stored, derived: text }
        }
      }
    },
    async end() {
      let missing = 0
      for await (const _ of logged) missing += 1
      const equal = difference === undefined && missing === 0
      return {
        equal,
        loggedDecisions: loggedCount + missing,
        notLogged,
        ...(difference === undefined ? {} : { firstDifference: difference }),
      }
    },
  }
}

async function* loggedDecisions(log: LogReader, head: Position | undefined): AsyncGenerator<Event> {
  for await (const batch of log.readStream(decisionStream(0))) {
    for (const event of readable(batch)) {
      if (head === undefined || event.position > head) return
      if (isDecision(event)) yield event
    }
  }
}

/** All but the batch that it was logged in: that depends on how busy the machine was. */
function contentOf({ id, type, schemaVersion, occurredAt, recordedAt, data, meta }: Event): string {
  const { covers: _, closes: _closes, ...decided } = meta
  return JSON.stringify({ id, type, schemaVersion, occurredAt, recordedAt, data, meta: decided })
}
