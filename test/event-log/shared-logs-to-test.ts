import { randomUUID } from 'node:crypto'
import type { EventLog } from '../../src/event-log/event-log.ts'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { startStandIn } from './esdb-stand-in/stand-in.ts'

/** A log that several processes share. */
export interface SharedLog {
  /** As one more of them sees it. */
  open(): Promise<EventLog>
  /** Where `serve` finds it; undefined where it lies in the memory of this process. */
  readonly env?: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface SharedLogToTest {
  readonly name: string
  readonly start: () => Promise<SharedLog>
}

/** EventStoreDB on a stand-in, and a real server where `CAUSEWAY_TEST_ESDB` names one, under a fresh prefix. */
export function sharedServersToTest(): readonly SharedLogToTest[] {
  const realServer = process.env['CAUSEWAY_TEST_ESDB']
  if (realServer === undefined) {
    console.warn('skipped: a real EventStoreDB, because CAUSEWAY_TEST_ESDB names none')
  }
  const real: SharedLogToTest[] =
    realServer === undefined
      ? []
      : [{ name: 'a real EventStoreDB', start: async () => onServer(realServer, async () => {}) }]
  return [
    {
      name: 'EventStoreDB, on a stand-in',
      start: async () => {
        const standIn = await startStandIn()
        return onServer(standIn.connectionString, () => standIn.close())
      },
    },
    ...real,
  ]
}

/** The memory log too. */
export function sharedLogsToTest(): readonly SharedLogToTest[] {
  return [{ name: 'the memory log', start: async () => inMemory() }, ...sharedServersToTest()]
}

function inMemory(): SharedLog {
  const log = openMemoryLog()
  return { open: async () => ({ ...log, close: async () => {} }), close: () => log.close() }
}

function onServer(connectionString: string, close: () => Promise<void>): SharedLog {
  const prefix = `test-${randomUUID()}`
  const opened: EventLog[] = []
  return {
    open: async () => {
      const log = await openEventStoreLog({ connectionString, prefix })
      opened.push(log)
      return log
    },
    env: { CAUSEWAY_LOG: connectionString, CAUSEWAY_LOG_PREFIX: prefix },
    close: async () => {
      for (const log of opened) await log.close()
      await close()
    },
  }
}
