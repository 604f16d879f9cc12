import type { Event } from '../schemas/event.ts'

/** An event as a projection sees it: current version, with its place in the log. */
export type ProjectedEvent = Event & { readonly stream: string; readonly revision: number; readonly position: string }

/** One row to write; `value` undefined deletes it. Older versions stay readable by position. */
export interface RowWrite {
  readonly table: string
  readonly key: string
  readonly value: object | undefined
}

/** The newest row, as written by the events before this one. */
export type Get = (table: string, key: string) => object | undefined

/**
 * A read model: a pure fold of the log into rows. `version` changes with the shape of its rows; a store written by another
 * version is rebuilt from the log.
 */
export interface Projection {
  readonly name: string
  readonly version: number
  evolve(event: ProjectedEvent, get: Get): readonly RowWrite[]
}
