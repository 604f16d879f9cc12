import type { Event, EventOf, EventType } from '../schemas/event.ts'

/** Where an event lies in the log. */
interface Place {
  readonly stream: string
  readonly revision: number
  readonly position: string
}

/** An event as a projection sees it: current version, with its place in the log. */
export type ProjectedEvent = Event & Place
export type ProjectedEventOf<T extends EventType> = EventOf<T> & Place

/** One row to write; `value` undefined deletes it. Older versions stay readable by position. */
export interface RowWrite {
  readonly table: string
  readonly key: string
  readonly value: object | undefined
}

/** The newest row, as written by the events before this one; what other projections write for this event is not seen. */
export type Get = (table: string, key: string) => object | undefined

/**
 * A read model: a pure fold of the log into rows. `version` changes with the shape of its rows; a store written by another
 * version is rebuilt from the log. A projection writes only its own tables, and may read those of others.
 */
export interface Projection {
  readonly name: string
  readonly version: number
  /** The types that it takes notice of; `evolve` gives nothing for others. */
  readonly reads: readonly EventType[]
  evolve(event: ProjectedEvent, get: Get): readonly RowWrite[]
}

/** A table whose rows have one shape. The name begins with that of the projection that writes it. */
export interface Table<Row extends object> {
  readonly name: string
  /** Never there: it only carries the type. */
  readonly shape?: Row
}

export function table<Row extends object>(name: string): Table<Row> {
  return { name }
}

/** The rows that one event writes, visible to the rest of its handling. */
export interface Draft {
  get<Row extends object>(from: Table<Row>, key: string): Row | undefined
  put<Row extends object>(into: Table<Row>, key: string, value: Row | undefined): void
}

/** What to do with events, by type; the types that are left out are of no interest. */
export type ByType<Rest extends readonly unknown[], Result> = {
  readonly [T in EventType]?: (event: ProjectedEventOf<T>, ...rest: Rest) => Result
}

/** The result of the event's own handler, or `undefined` where it has none. */
export function dispatch<Rest extends readonly unknown[], Result>(
  handlers: ByType<Rest, Result>,
  event: ProjectedEvent,
  ...rest: Rest
): Result | undefined {
  const handle = handlers[event.type] as ((event: ProjectedEvent, ...rest: Rest) => Result) | undefined
  return handle?.(event, ...rest)
}

/** A projection out of one handler for each type of event that it reads. */
export function projection(name: string, version: number, handlers: ByType<[Draft], void>): Projection {
  return {
    name,
    version,
    reads: Object.keys(handlers) as EventType[],
    evolve: (event, get) => {
      const writes: RowWrite[] = []
      dispatch(handlers, event, draftOver(get, writes))
      return writes
    },
  }
}

function draftOver(get: Get, writes: RowWrite[]): Draft {
  const places = new Map<string, number>()
  return {
    get: <Row extends object>(from: Table<Row>, key: string) => {
      const at = places.size === 0 ? undefined : places.get(`${from.name}\0${key}`)
      const written = at === undefined ? undefined : writes[at]
      return (written === undefined ? get(from.name, key) : written.value) as Row | undefined
    },
    put: (into, key, value) => {
      const name = `${into.name}\0${key}`
      const at = places.get(name) ?? writes.length
      places.set(name, at)
      writes[at] = { table: into.name, key, value }
    },
  }
}
