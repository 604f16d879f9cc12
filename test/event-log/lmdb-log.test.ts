import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openLmdbLog } from '../../src/event-log/lmdb-log.ts'
import { logContract } from './log-contract.ts'

const root = mkdtempSync(join(tmpdir(), 'causeway-log-'))
let folders = 0
const newFolder = () => join(root, String((folders += 1)))

afterAll(() => rmSync(root, { recursive: true, force: true }))

logContract('the embedded log', async () => openLmdbLog({ folder: newFolder() }))
