import type { DataOf, EventType } from '../../schemas/event.ts'

/** A fact without its envelope: what a decision says has happened. The shell adds identity, times and metadata. */
export type Fact<T extends EventType = EventType> = T extends EventType
  ? { readonly type: T; readonly data: DataOf<T> }
  : never

/**
 * What people ask for, judged. `accepted` with no facts: it is so already. `unknown`: there is nothing of that id.
 * `conflict`: it cannot be in this state, and why. `changed`: the answer on the caller's screen is no longer the answer.
 */
export type Decision<F> =
  | { readonly kind: 'accepted'; readonly facts: readonly F[] }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'conflict'; readonly detail: string }
  | { readonly kind: 'changed'; readonly attributionId: string }

/**
 * A noun that people act on: its state is a fold of its own stream, and `decide` says what a wish, given in the shape of
 * the fact that it would become, leads to. `evolve` takes every stored history, also one that `decide` would not allow:
 * bulk input and other systems write without asking.
 */
export interface Decider<State, F> {
  readonly initialState: State
  evolve(state: State, fact: F): State
  decide(wish: F, state: State): Decision<F>
}

export const nothingToDo = { kind: 'accepted', facts: [] } as const

/** The state after a history. */
export function fold<State, F>(decider: Decider<State, F>, history: readonly F[]): State {
  return history.reduce((state, fact) => decider.evolve(state, fact), decider.initialState)
}
