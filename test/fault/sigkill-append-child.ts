import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { eventOf } from '../event-log/made-events.ts'

/** How many streams the writer fills at once, and the most events of one call. */
const streams = 4
const maxCallEvents = 300

/** Appends without end to the folder named first, and writes a line for each acknowledged call: stream, first and last revision. */
const log = await openLmdbLog({ folder: process.argv[2] ?? '' })

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
