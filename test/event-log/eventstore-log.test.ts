import { randomUUID } from 'node:crypto'
import { afterEach } from 'vitest'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { startStandIn, type StandIn } from './esdb-stand-in/stand-in.ts'
import { logContract } from './log-contract.ts'

const standIns: StandIn[] = []
afterEach(async () => {
  for (const standIn of standIns.splice(0)) await standIn.close()
})

logContract('the log in EventStoreDB, on a stand-in', async () => {
  const standIn = await startStandIn()
  standIns.push(standIn)
  return openEventStoreLog({ connectionString: standIn.connectionString })
})

/** A read from the beginning makes the server look through all that it holds. */
const realServerTimeoutMs = 300_000
const realServer = process.env['CAUSEWAY_TEST_ESDB']
if (realServer === undefined) {
  console.warn('skipped: the log in a real EventStoreDB, because CAUSEWAY_TEST_ESDB names none')
} else {
  // A prefix for each log: the server may hold other data, and that of earlier runs.
  logContract(
    'the log in a real EventStoreDB',
    async () => openEventStoreLog({ connectionString: realServer, prefix: `test-${randomUUID()}` }),
    realServerTimeoutMs,
  )
}
