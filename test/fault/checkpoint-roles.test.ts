import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { sharedServersToTest } from '../event-log/shared-logs-to-test.ts'
import { startSharing } from './sharing-process.ts'

for (const { name, start } of sharedServersToTest()) {
  test(
    `on ${name}: checkpoints are taken beside whoever decides and beside those who follow`,
    { timeout: 90_000 },
    async () => {
      const shared = await start()
      onTestFinished(() => shared.close())
      const folder = tempFolder()
      const masterKeyFile = join(folder, 'master.key')
      const serve = async (role: string, vault: string) => {
        const own = join(folder, role)
        mkdirSync(own)
        const env = { ...shared.env, CAUSEWAY_ROLE: role, CAUSEWAY_MASTER_KEY_FILE: masterKeyFile }
        const serving = await startSharing({
          folder: own,
          env: { ...env, CAUSEWAY_VAULT: vault },
          limits: { checkpointEveryInputs: 1, answerWaitMs: 20_000 },
        })
        onTestFinished(() => serving.end())
        return { ...serving, hasCheckpoint: () => existsSync(join(own, 'data', 'engine.checkpoint')) }
      }
      const reader = await serve('reader', 'own')
      const correlator = await serve('correlator', reader.url)
      for (const [at, serving] of [correlator, reader].entries()) {
        const complaint = { id: `C-${at}`, symptom: 'no-signal', place: { point: [113.26, 23.13] } }
        expect((await serving.post<AnswerComplaint>('/v1/complaints', complaint)).status).toBe(201)
      }
      while (!reader.hasCheckpoint() || !correlator.hasCheckpoint()) await pause(50)
    },
  )
}
