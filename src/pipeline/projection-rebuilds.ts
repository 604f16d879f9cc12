import { parkedCounts } from '../../projections/parked-queries.ts'
import type { Projection } from '../../projections/projection.ts'
import type { RowStore } from '../row-store/row-store.ts'
import { rebuildProjection, type RebuildOptions } from './rebuild-projection.ts'

/** How the last rebuild of a projection in this process goes or went. */
export type RebuildState =
  | { readonly kind: 'running'; readonly events: number }
  | { readonly kind: 'done'; readonly events: number }
  | { readonly kind: 'failed'; readonly error: string }

export interface ProjectionState {
  readonly name: string
  readonly version: number
  /** Events that it could not take. */
  readonly parked: number
  readonly rebuild?: RebuildState
}

export type RebuildStart =
  | { readonly kind: 'started'; readonly finished: Promise<RebuildState> }
  | { readonly kind: 'unknown' }
  /** One at a time. */
  | { readonly kind: 'busy'; readonly with: string }

export interface ProjectionRebuilds {
  list(): readonly ProjectionState[]
  /** `onProgress` is told how many events have been read. */
  start(name: string, onProgress?: (events: number) => void): RebuildStart
  /** Resolves when none is running. */
  ended(): Promise<void>
}

type Shared = Omit<RebuildOptions, 'projection' | 'onProgress'>

/** Rebuilds projections one at a time, and remembers how it went. */
export function projectionRebuilds(
  projections: readonly Projection[],
  rows: RowStore,
  shared: Shared,
): ProjectionRebuilds {
  const states = new Map<string, RebuildState>()
  let running: { readonly name: string; readonly finished: Promise<RebuildState> } | undefined

  const rebuild = async (
    projection: Projection,
    onProgress: (events: number) => void,
  ): Promise<RebuildState> => {
    const { name } = projection
    let events = 0
    const tell = (state: RebuildState): RebuildState => {
      states.set(name, state)
      return state
    }
    tell({ kind: 'running', events })
    try {
      await rebuildProjection({
        ...shared,
        projection,
        onProgress(read) {
          events = read
          tell({ kind: 'running', events })
          onProgress(events)
        },
      })
      return tell({ kind: 'done', events })
    } catch (error) {
      return tell({ kind: 'failed', error: error instanceof Error ? error.message : String(error) })
    } finally {
      running = undefined
    }
  }

  return {
    list() {
      const parked = parkedCounts(rows)
      return projections.map(({ name, version }) => {
        const state = states.get(name)
        return {
          name,
          version,
          parked: parked[name] ?? 0,
          ...(state === undefined ? {} : { rebuild: state }),
        }
      })
    },
    start(name, onProgress = () => {}) {
      const projection = projections.find((one) => one.name === name)
      if (projection === undefined) return { kind: 'unknown' }
      if (running !== undefined) return { kind: 'busy', with: running.name }
      const finished = rebuild(projection, onProgress)
      running = { name, finished }
      return { kind: 'started', finished }
    },
    async ended() {
      await running?.finished
    },
  }
}
