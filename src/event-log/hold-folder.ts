import { open, type Database } from 'lmdb'
import { takeFolder } from './folder-owner.ts'

/** A folder that is this process's own until let go. */
export interface FolderHold {
  close(): Promise<void>
}

/**
 * Holds a data folder whose log lies elsewhere; the embedded log holds its own. `within` is a folder for the record of it.
 * Throws `LogUnavailableError`, naming the process, where another one holds it.
 */
export async function holdFolder(folder: string, within: string, nowMs: number): Promise<FolderHold> {
  const root = open({ path: within, maxDbs: 1, cache: false, encoding: 'json' })
  const meta: Database = root.openDB({ name: 'meta', encoding: 'json' })
  try {
    const owner = root.transactionSync(() => takeFolder(meta, folder, nowMs))
    return {
      async close() {
        root.transactionSync(() => owner.release())
        await root.close()
      },
    }
  } catch (error) {
    await root.close()
    throw error
  }
}
