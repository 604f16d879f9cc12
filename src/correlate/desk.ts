import type { DataOf, DecisionType } from '../../schemas/event.ts'

/** What deciding may do: log a decision (folded at once, so that the next one is taken knowing it), and name things. */
export interface Desk {
  /** Answers the decision's event id. */
  log<T extends DecisionType>(type: T, subject: string, data: DataOf<T>): string
  /** A new id that is the same in every run. */
  nameFor(subject: string): string
}
