import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { eventOf } from '../event-log/made-events.ts'

/** How many streams the writer fills at once, and the most events of one call. */
const streams = 4
const maxCallEvents = 300

/**
 * Appends without end to the log in a folder, or in a server under a prefix, and writes a line for each acknowledged call:
 * stream, first and last revision.
 */
const [, , place = '', prefix = ''] = process.argv
const log = place.startsWith('esdb')
  ? await openEventStoreLog({ connectionString: place, prefix })
  : await openLmdbLog({ folder: place })

async function writeForEver(index: number): Promise<never> {
  const stream = `stream-${index}`
  let expected = await log.revisionOf(stream)
  for (let call = 0; ; call += 1) {
    const first = expected === 'no_stream' ? 0 : expected + 1
    const size = 1 + ((call * 7919 + index * 104_729) % maxCallEvents)
    const events = Array.from({ length: size }, (_, offset) =>
      eventOf(index * 1e8 + first + offset, { callFirst: first, callSize: size }),
    )
    const result = await log.append(stream, events, expected)
    if (result.kind !== 'appended')
      throw new Error(`the stream moved under its only writer: ${result.actual}`)
    process.stdout.write(`${stream} ${first} ${result.revision}\n`)
    expected = result.revision
  }
}

await Promise.all(Array.from({ length: streams }, (_, index) => writeForEver(index)))
