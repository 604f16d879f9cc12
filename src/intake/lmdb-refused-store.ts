import { open } from 'lmdb'
import { createRefusedStore, type RefusedLimits, type RefusedStore } from './refused-store.ts'

/**
 * A store in a folder of its own. What comes in one turn of the event loop shares one wait for the disk. A disk that takes
 * nothing more loses the entries of that turn and no request: `onTrouble` is told.
 */
export function openLmdbRefusedStore(
  folder: string,
  limits: RefusedLimits,
  onTrouble: (error: unknown) => void,
): RefusedStore {
  const root = open<string, string>({ path: folder, encoding: 'string' })
  /** Not on the disk yet; `undefined` is to be deleted. */
  const waiting = new Map<string, string | undefined>()
  let scheduled: NodeJS.Immediate | undefined

  const flush = (): void => {
    clearImmediate(scheduled)
    scheduled = undefined
    if (waiting.size === 0) return
    const changes = [...waiting]
    waiting.clear()
    try {
      root.transactionSync(() => {
        for (const [id, json] of changes) {
          if (json === undefined) root.removeSync(id)
          else root.putSync(id, json)
        }
      })
    } catch (error) {
      onTrouble(error)
    }
  }
  const change = (id: string, json: string | undefined): void => {
    waiting.set(id, json)
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
          if (key > after) yield { id: key, json: value }
        }
      },
      close: async () => {
        flush()
        await root.close()
      },
    },
    limits,
  )
}
