import { startStandIn } from '../../test/event-log/esdb-stand-in/stand-in.ts'

/** The stand-in in a process of its own, lest it share the thread of what is measured. */
const { wire } = await startStandIn({ isAlone: true })
process.stdout.write(`http://127.0.0.1:${wire.port}\n`)
process.once('SIGTERM', () => process.exit(0))
