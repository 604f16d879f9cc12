import { boxAround, boxOfArea } from '../../src/correlate/geometry.ts'
import { requirePeer } from '../peers.ts'
import { offer, plainScore, searchMeters, type Best, type PlainCause, type Searcher } from './plain-score.ts'

interface Statement {
  run(...values: readonly unknown[]): unknown
  raw(): { all(...values: readonly unknown[]): readonly (readonly [number])[] }
}
interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
}

/**
 * The R*Tree holds each cause's place, asked for a box of 2 km around the complaint. It keeps 32-bit floats rounded outwards;
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
      const [lon, lat] = cause.point
      const [west, south, east, north] =
        cause.area === undefined ? [lon, lat, lon, lat] : boxOfArea(cause.area)
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
      const [west, south, east, north] = boxAround(complaint.point, searchMeters)
      for (const [id] of select.all(east, west, north, south)) {
        const cause = byId.get(id)
        if (cause !== undefined) offer(best, cause.key, plainScore(cause, complaint))
      }
      return best
    },
  }
}
