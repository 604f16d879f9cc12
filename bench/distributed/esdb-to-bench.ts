import { randomUUID } from 'node:crypto'
import { startListening } from '../serving/child-server.ts'

/** A server that speaks EventStoreDB's protocol, and what it is. */
export interface EsdbToBench {
  readonly connectionString: string
  readonly name: string
  readonly isReal: boolean
  /** Begins the names of what this run stores: a real server may hold other data. */
  readonly prefix: string
  stop(): Promise<void>
}

/** The real server that `CAUSEWAY_TEST_ESDB` names, else the tests' stand-in in a process of its own. */
export async function startEsdb(): Promise<EsdbToBench> {
  const prefix = `bench-${randomUUID()}`
  const real = process.env['CAUSEWAY_TEST_ESDB']
  if (real !== undefined) {
    const stop = async () => {}
    return { connectionString: real, name: 'a real server', isReal: true, prefix, stop }
  }
  const server = await startListening('bench/distributed/stand-in-server.js', [])
  return {
    connectionString: `${server.url.replace('http', 'esdb')}?tls=false`,
    name: 'the stand-in, which keeps all in memory',
    isReal: false,
    prefix,
    stop: () => server.stop(),
  }
}
