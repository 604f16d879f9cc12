import { copyLog } from '../../src/event-log/copy/copy-log.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'

/** Copies the log in the folder named first into the one named second, and says each time how far it is. */
const [from = '', to = ''] = process.argv.slice(2)
await copyLog(await openLmdbReader(from), await openLmdbLog({ folder: to }), {
  maxInFlight: 8,
  onProgress: (what, events) => process.stdout.write(`${what} ${events}\n`),
})
