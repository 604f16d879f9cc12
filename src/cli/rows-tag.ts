import { allProjections, tagOf } from '../../projections/all-projections.ts'
import type { EventLog } from '../event-log/event-log.ts'

/** Names the shape of the rows and the log that they are made of: those of another must not be taken for this one's. */
export async function rowsTag(log: EventLog): Promise<string> {
  return `${tagOf(allProjections)} ${await firstOf(log)}`
}

/** Names a log by its first event. */
export async function firstOf(log: EventLog): Promise<string> {
  const archived = log.firstArchived?.()
  if (archived !== undefined) return `${archived.id} ${archived.recordedAt}`
  for await (const [first] of log.readAll({ maxEvents: 1 })) {
    if (first !== undefined) return `${first.id} ${first.recordedAt}`
  }
  return 'empty'
}
