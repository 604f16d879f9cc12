import { randomUUID } from 'node:crypto'
import { jsonEvent, type AppendResult, type EventStoreDBClient, type JSONType } from '@eventstore/db-client'
import { LogUnavailableError } from './event-log.ts'
import { within } from './eventstore-calls.ts'
import { connect } from './eventstore-client.ts'
import { failureOf, toLogError } from './eventstore-errors.ts'
import { defaultEventStoreLimits } from './eventstore-limits.ts'

export interface Grant {
  /** Of an administrator: nobody else may change rights. */
  readonly connectionString: string
  readonly user: string
  /** Nobody but this user and administrators may read or write any stream, save those that have rights of their own. */
  readonly only: boolean
}

type Rights = Readonly<Record<string, JSONType>>

const admins = '$admins'
const adminsAlone: Rights = { $r: admins, $w: admins, $d: admins, $mr: admins, $mw: admins }

/**
 * Gives a user of an EventStoreDB server the rights that a log needs: to read `$all`, which by default administrators
 * alone may, and with `only` to be the one who reads and writes streams. Made again, it changes nothing. Throws
 * `LogUnavailableError` where the server is away or refuses.
 */
export async function grantLogRights({ connectionString, user, only }: Grant): Promise<void> {
  const connection = connect(connectionString)
  const { client } = connection.lease()
  try {
    await amend(client, '$$$all', '$metadata', (held) => {
      const acl = rightsOf(held['$acl'])
      return { ...held, $acl: { ...acl, $r: [...new Set([...rolesOf(acl['$r']), admins, user])] } }
    })
    if (!only) return
    await amend(client, '$settings', 'update-default-acl', (held) => ({
      $systemStreamAcl: adminsAlone,
      ...held,
      $userStreamAcl: { ...adminsAlone, $r: user, $w: user },
    }))
  } catch (error) {
    throw toLogError(connection.server, error)
  } finally {
    connection.release()
  }
}

/** Appends what becomes of the stream's last event, at its exact revision; nothing where that is the same. */
async function amend(
  client: EventStoreDBClient,
  stream: string,
  type: string,
  change: (held: Rights) => Rights,
): Promise<void> {
  const { callTimeoutMs } = defaultEventStoreLimits
  const { held, revision } = await within(callTimeoutMs, lastOf(client, stream))
  const data = change(held)
  if (JSON.stringify(data) === JSON.stringify(held)) return
  const event = jsonEvent({ id: randomUUID(), type, data })
  const sending: Promise<AppendResult> = client.appendToStream(stream, event, {
    expectedRevision: revision ?? 'no_stream',
  })
  const { success } = await within(callTimeoutMs, sending)
  if (!success) throw new LogUnavailableError(`${stream} was changed by somebody else meanwhile: try again`)
}

async function lastOf(
  client: EventStoreDBClient,
  stream: string,
): Promise<{ held: Rights; revision?: bigint }> {
  try {
    const lastOne = client.readStream(stream, { direction: 'backwards', fromRevision: 'end', maxCount: 1 })
    for await (const { event } of lastOne) {
      if (event !== undefined) return { held: rightsOf(event.data), revision: event.revision }
    }
  } catch (error) {
    if (failureOf(error).kind !== 'no-stream') throw error
  }
  return { held: {} }
}

function rightsOf(value: unknown): Rights {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Rights) : {}
}

/** The server takes one name or several. */
function rolesOf(value: unknown): readonly string[] {
  return [value].flat().filter((role) => typeof role === 'string')
}
