import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'

/* Archives a log a day at a time and says how far it is. Killed from outside. */

const [folder = ''] = process.argv.slice(2)
const log = await openLmdbLog({ folder })
process.stdout.write('opened\n')
await log.archiveBefore?.('9999-12-31', { onProgress: (events) => process.stdout.write(`${events}\n`) })
process.stdout.write('done\n')
await log.close()
