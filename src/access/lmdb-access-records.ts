import { mkdirSync } from 'node:fs'
import { open } from 'lmdb'
import type { AccessRecords } from './access-records.ts'

/** Sorts behind every key that begins alike. */
const last = '\uffff'

/**
 * In a folder of its own, which is backed up neither with the log nor with exports: it holds hashes of passwords. LMDB lets
 * several processes use it, so that the command line works beside a server. `requireRoom` throws where the disk has none.
 */
export function lmdbAccessRecords(folder: string, requireRoom: () => void = () => {}): AccessRecords {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const root = open<string, string>({ path: folder, encoding: 'string', cache: false })
  return {
    get: (key) => root.get(key),
    *scan(prefix) {
      for (const { key, value } of root.getRange({ start: prefix, end: prefix + last })) yield [key, value]
    },
    change: (work) => {
      requireRoom()
      return root.transactionSync(() =>
        work({ put: (key, value) => root.putSync(key, value), remove: (key) => root.removeSync(key) }),
      )
    },
    close: async () => root.close(),
  }
}
