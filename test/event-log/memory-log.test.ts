import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { logContract } from './log-contract.ts'

logContract('the memory log', async () => openMemoryLog())
