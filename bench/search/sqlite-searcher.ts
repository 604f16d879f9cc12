import { boxAround, boxOfArea } from '../../src/correlate/geometry.ts'
import { requirePeer } from '../peers.ts'
import { offer, plainScore, type Best, type PlainCause, type Searcher } from './plain-score.ts'

interface Statement {
  run(...values: readonly unknown[]): unknown
  raw(): { all(...values: readonly unknown[]): readonly (readonly [number])[] }
}
interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
}

/**
 * The R*Tree holds each cause's box, so that a point query finds who reaches it. It keeps 32-bit floats rounded outwards;
 * what it finds is scored by the same function in the same process.
 */
export const sqliteSelect = 'SELECT id FROM live WHERE west <= ? AND east >= ? AND south <= ? AND north >= ?'

/** SQLite's R*Tree in the same process, or undefined where better-sqlite3 is not installed. */
export function sqliteSearcher(): Searcher | undefined {
  const open = requirePeer('better-sqlite3') as (new (path: string) => Database) | undefined
  if (open === undefined) return undefined
  const database = new open(':memory:')
  database.exec('CREATE VIRTUAL TABLE live USING rtree(id, west, east, south, north)')
  const insert = database.prepare('INSERT INTO live VALUES (?, ?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM live WHERE id = ?')
  const select = database.prepare(sqliteSelect).raw()
  const byId = new Map<number, PlainCause>()
  const ids = new Map<string, number>()
  let lastId = 0

  return {
    name: 'SQLite R*Tree in-process',
    add(cause) {
      lastId += 1
      byId.set(lastId, cause)
      ids.set(cause.key, lastId)
      const [west, south, east, north] =
        cause.area === undefined ? boxAround(cause.point, cause.radiusMeters) : boxOfArea(cause.area)
      insert.run(lastId, west, east, south, north)
    },
    end() {},
    remove(cause) {
      const id = ids.get(cause.key)
      if (id === undefined) return
      remove.run(id)
      ids.delete(cause.key)
      byId.delete(id)
    },
    best(complaint) {
      const best: Best = { key: undefined, score: Infinity }
      const [lon, lat] = complaint.point
      for (const [id] of select.all(lon, lon, lat, lat)) {
        const cause = byId.get(id)
        if (cause !== undefined) offer(best, cause.key, plainScore(cause, complaint))
      }
      return best
    },
  }
}
