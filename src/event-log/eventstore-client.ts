import { setMaxListeners } from 'node:events'
import { EventStoreDBClient } from '@eventstore/db-client'
import { LogUnavailableError } from './event-log.ts'

/** A client of the day, until it is given up. */
export interface Lease {
  readonly client: EventStoreDBClient
  readonly givenUp: AbortSignal
}

export interface Connection {
  /** The connection string without credentials. */
  readonly server: string
  lease(): Lease
  /** Replaces a client that is stuck; once, however many of its callers ask. */
  giveUp(lease: Lease): void
  /** The last holder's release closes the client. */
  release(): void
}

interface Shared {
  readonly connection: Omit<Connection, 'release'>
  holders: number
  close(): void
}

/** One client a server and process: however many logs are opened on it, they share its connection. */
const sharedByString = new Map<string, Shared>()

/** Throws `LogUnavailableError` where the connection string cannot be used. */
export function connect(connectionString: string): Connection {
  const shared = sharedByString.get(connectionString) ?? share(connectionString)
  sharedByString.set(connectionString, shared)
  shared.holders += 1
  let isReleased = false
  return {
    ...shared.connection,
    release() {
      if (isReleased) return
      isReleased = true
      shared.holders -= 1
      if (shared.holders > 0) return
      sharedByString.delete(connectionString)
      shared.close()
    },
  }
}

function share(connectionString: string): Shared {
  let current = openClient(connectionString)
  return {
    holders: 0,
    connection: {
      server: withoutCredentials(connectionString),
      lease: () => current.lease,
      giveUp(lease) {
        if (lease !== current.lease) return
        const stuck = current
        current = openClient(connectionString)
        stuck.close()
      },
    },
    close: () => current.close(),
  }
}

/**
 * The parts of the client, private in version 6.2.1, that this log has to have otherwise. `supports` decides between two
 * ways to append. The one for batches is shared by all clients of a process: an error on one rejects the appends of the
 * others, a late or doubled answer ends the process, and its deadline is kept by the server alone. So it is never taken.
 * `createChannel` opens a socket that the client closes only to open another.
 */
interface ClientParts {
  supports: () => Promise<boolean>
  createChannel: () => Promise<Closable>
}

interface Closable {
  close(): void
}

interface OpenClient {
  readonly lease: Lease
  close(): void
}

function openClient(connectionString: string): OpenClient {
  const client = parseAndCreate(connectionString)
  const parts = client as unknown as ClientParts
  const { createChannel } = parts
  let channel: Closable | undefined
  parts.supports = async () => false
  parts.createChannel = async () => (channel = await createChannel())
  const givenUp = new AbortController()
  // Every read under way listens to it.
  setMaxListeners(0, givenUp.signal)
  return {
    lease: { client, givenUp: givenUp.signal },
    close() {
      givenUp.abort()
      client.dispose().catch(() => {})
      channel?.close()
    },
  }
}

function parseAndCreate(connectionString: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connectionString)
  } catch {
    // What the client says repeats the string, and with it the password.
    throw new LogUnavailableError(
      `the log setting ${withoutCredentials(connectionString)} cannot be used: write esdb://user:password@host:2113, with ?tls=false for a server without TLS, and check that every certificate file named in it exists`,
    )
  }
}

function withoutCredentials(connectionString: string): string {
  return connectionString.replace(/:\/\/[^/?]*@/, '://')
}
