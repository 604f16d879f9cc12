import { setTimeout as pause } from 'node:timers/promises'
import { requirePeer } from '../peers.ts'
import { ageScaleMs, searchMeters, slackMs, type PlainCause, type PlainComplaint } from './plain-score.ts'
import { startPostgres, type Postgres } from './throwaway-postgres.ts'

interface Client {
  connect(): Promise<void>
  query(query: string | { name: string; text: string; values: readonly unknown[] }): Promise<{
    readonly rows: readonly Readonly<Record<string, unknown>>[]
  }>
  end(): Promise<void>
}

const createTable = `
CREATE EXTENSION postgis;
CREATE TABLE live (
  key text PRIMARY KEY, place geography NOT NULL, start_ms float8 NOT NULL, end_ms float8 NOT NULL);
CREATE INDEX ON live USING gist (place);`

/** The plain score in SQL: a prepared statement; distances on the sphere, as the others measure them. */
export const postgisSelect = `
SELECT key
FROM live, (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography AS here, $3::float8 AS from_ms) AS complaint
WHERE ST_DWithin(place, here, ${searchMeters}, false) AND start_ms <= from_ms + ${slackMs} AND end_ms >= from_ms - ${slackMs}
ORDER BY ST_Distance(place, here, false) / ${searchMeters} + least(1, abs(from_ms - start_ms) / ${ageScaleMs}), key
LIMIT 1`

export interface PostgisSearcher {
  readonly version: string
  /** Loads many causes, unmeasured. */
  load(causes: readonly PlainCause[]): Promise<void>
  add(cause: PlainCause): Promise<void>
  end(cause: PlainCause, endMs: number): Promise<void>
  remove(cause: PlainCause): Promise<void>
  best(complaint: PlainComplaint): Promise<string | undefined>
  stop(): Promise<void>
}

/** PostGIS on a unix socket, alone on a database of its own; or why it cannot be had. */
export async function postgisSearcher(): Promise<PostgisSearcher | string> {
  const pg = requirePeer('pg') as { Client: new (options: object) => Client } | undefined
  if (pg === undefined) return 'the client pg is not installed'
  const server = await startPostgres()
  if (typeof server === 'string') return server
  const client = await connected(pg.Client, server)
  try {
    await client.query(createTable)
  } catch (error) {
    await client.end()
    await server.stop()
    return `PostGIS is not installed: ${error instanceof Error ? error.message : ''}`
  }
  const run = (name: string, text: string, values: readonly unknown[]) => client.query({ name, text, values })
  const insert = (cause: PlainCause) => [cause.key, placeOf(cause), cause.startMs, cause.endMs]
  const insertSql = 'INSERT INTO live VALUES ($1, ST_GeogFromText($2), $3, $4)'
  const [version] = (await client.query('SELECT postgis_lib_version() AS version')).rows

  return {
    version: String(version?.['version']),
    async load(causes) {
      await client.query('BEGIN')
      for (const cause of causes) await run('insert', insertSql, insert(cause))
      await client.query('COMMIT')
      await client.query('ANALYZE live')
    },
    async add(cause) {
      await run('insert', insertSql, insert(cause))
    },
    async end({ key }, endMs) {
      await run('end', 'UPDATE live SET end_ms = $2 WHERE key = $1', [key, endMs])
    },
    async remove({ key }) {
      await run('remove', 'DELETE FROM live WHERE key = $1', [key])
    },
    async best({ point, fromMs }) {
      const { rows } = await run('best', postgisSelect, [point[0], point[1], fromMs])
      const key = rows[0]?.['key']
      return typeof key === 'string' ? key : undefined
    },
    async stop() {
      await client.end()
      await server.stop()
    },
  }
}

const connectTries = 100

/** The socket is there a little before the server takes connections. */
async function connected(
  Client: new (options: object) => Client,
  { socketFolder, user }: Postgres,
): Promise<Client> {
  for (let tries = 1; ; tries += 1) {
    const client = new Client({ host: socketFolder, user, database: 'postgres' })
    try {
      await client.connect()
      return client
    } catch (error) {
      if (tries >= connectTries) throw error
      await pause(100)
    }
  }
}

function placeOf({ area, point }: PlainCause): string {
  if (area?.kind !== 'polygon') return `POINT(${point.join(' ')})`
  return `POLYGON((${[...area.ring, ...area.ring.slice(0, 1)].map((corner) => corner.join(' ')).join(', ')}))`
}
