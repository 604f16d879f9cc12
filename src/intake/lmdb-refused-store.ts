import { open } from 'lmdb'
import { createRefusedStore, type RefusedLimits, type RefusedStore } from './refused-store.ts'

/**
 * A store in a folder of its own. What comes in one turn of the event loop shares one wait for the disk. While the disk takes
 * nothing, entries are kept in memory, within the limits of the store, and no request fails: `onTrouble` is told.
 */
export function openLmdbRefusedStore(
  folder: string,
  limits: RefusedLimits,
  onTrouble: (error: unknown) => void,
  requireRoom: () => void = () => {},
): RefusedStore {
  const root = open<string, string>({ path: folder, encoding: 'string' })
  /** Not on the disk yet, in the order of ids, which is that of coming; `undefined` is to be deleted. */
  const waiting = new Map<string, string | undefined>()
  let scheduled: NodeJS.Immediate | undefined

  const flush = (): void => {
    clearImmediate(scheduled)
    scheduled = undefined
    if (waiting.size === 0) return
    try {
      requireRoom()
      root.transactionSync(() => {
        for (const [id, json] of waiting) {
          if (json === undefined) root.removeSync(id)
          else root.putSync(id, json)
        }
      })
      waiting.clear()
    } catch (error) {
      onTrouble(error)
    }
  }
  const change = (id: string, json: string | undefined): void => {
    // What is on no disk need not be deleted there: so no more waits than is kept and was kept.
    if (json === undefined && root.get(id) === undefined) waiting.delete(id)
    else waiting.set(id, json)
    scheduled ??= setImmediate(flush)
  }

  return createRefusedStore(
    {
      put: change,
      get: (id) => (waiting.has(id) ? waiting.get(id) : root.get(id)),
      delete: (id) => change(id, undefined),
      *scan(after) {
        flush()
        for (const { key, value } of root.getRange({ start: after })) {
          if (key > after && !waiting.has(key)) yield { id: key, json: value }
        }
        // Ids count up, so what waits lies behind all that is stored.
        for (const [id, json] of waiting) if (id > after && json !== undefined) yield { id, json }
      },
      close: async () => {
        flush()
        await root.close()
      },
    },
    limits,
  )
}
