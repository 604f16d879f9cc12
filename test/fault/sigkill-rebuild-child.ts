import { join } from 'node:path'
import { allProjections } from '../../projections/all-projections.ts'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { startProjector } from '../../src/pipeline/projector.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import { tagOf } from '../../projections/all-projections.ts'

/* Makes one read model after the other again, for ever, and says how far it is. Killed from outside. */

const [folder = ''] = process.argv.slice(2)
const log = await openLmdbLog({ folder: join(folder, 'log') })
const rows = await openLmdbRowStore({ folder: join(folder, 'rows'), tag: tagOf(allProjections) })
const projector = startProjector({ log, rows, projections: allProjections, nowMs: Date.now })
await projector.ready
for (;;) {
  for (const { name } of allProjections) {
    const rebuild = projector.rebuilds.start(name, (events) => process.stdout.write(`${name} ${events}\n`))
    if (rebuild.kind === 'started') process.stdout.write(`${(await rebuild.finished).kind}\n`)
  }
}
