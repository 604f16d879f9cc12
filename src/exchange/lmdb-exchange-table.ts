import { open } from 'lmdb'
import type { ExchangeTable } from './exchange-store.ts'

/** Sorts behind every key that begins alike. */
const last = '\uffff'

/** In a folder of its own. */
export function lmdbExchangeTable(folder: string): ExchangeTable {
  const root = open<string, string>({ path: folder, encoding: 'string' })
  return {
    get: (key) => root.get(key),
    change: (changes) =>
      root.transactionSync(() => {
        for (const [key, value] of changes) {
          if (value === undefined) root.removeSync(key)
          else root.putSync(key, value)
        }
      }),
    *scan(prefix) {
      for (const { value } of root.getRange({ start: prefix, end: prefix + last })) yield value
    },
    close: async () => root.close(),
  }
}
