import { randomUUID } from 'node:crypto'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { startStandIn } from './esdb-stand-in/stand-in.ts'

/** A log to run a story on. */
export interface LogToTest {
  readonly name: string
  readonly open: () => Promise<EventLog>
}

/** The memory log, EventStoreDB on a stand-in, and a real server where `CAUSEWAY_TEST_ESDB` names one, under a fresh prefix. */
export function logsToTest(): readonly LogToTest[] {
  const realServer = process.env['CAUSEWAY_TEST_ESDB']
  if (realServer === undefined) {
    console.warn('skipped: a real EventStoreDB, because CAUSEWAY_TEST_ESDB names none')
  }
  const real: LogToTest[] =
    realServer === undefined
      ? []
      : [
          {
            name: 'a real EventStoreDB',
            open: () => openEventStoreLog({ connectionString: realServer, prefix: `test-${randomUUID()}` }),
          },
        ]
  return [
    { name: 'the memory log', open: async () => openMemoryLog() },
    { name: 'EventStoreDB, on a stand-in', open: openOnStandIn },
    ...real,
  ]
}

/** The stand-in lives as long as its log. */
async function openOnStandIn(): Promise<EventLog> {
  const standIn = await startStandIn()
  const log = await openEventStoreLog({ connectionString: standIn.connectionString })
  return {
    ...log,
    close: async () => {
      await log.close()
      await standIn.close()
    },
  }
}
