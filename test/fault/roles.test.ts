import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { replayLog } from '../../src/cli/replay-log.ts'
import { verifyLog } from '../../src/event-log/verify/verify-log.ts'
import { runCli } from '../cli/run-cli.ts'
import { sharedServersToTest, type SharedLog } from '../event-log/shared-logs-to-test.ts'
import { startSharing, type SharingProcess } from './sharing-process.ts'

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A reader that holds the vault, and two that may decide. */
async function startThree(shared: SharedLog, folder: string) {
  const masterKeyFile = join(folder, 'master.key')
  const start = async (name: string, role: string, vault: string) => {
    const own = join(folder, name)
    mkdirSync(own)
    const env = {
      ...shared.env,
      CAUSEWAY_ROLE: role,
      CAUSEWAY_VAULT: vault,
      CAUSEWAY_MASTER_KEY_FILE: masterKeyFile,
    }
    const limits = { takeoverMs: 2_500, answerWaitMs: 8_000 }
    const serving = await startSharing({ folder: own, env, limits })
    closing.push(() => serving.end())
    return serving
  }
  const reader = await start('reader', 'reader', 'own')
  const [one, other] = await Promise.all([
    start('one', 'correlator', reader.url),
    start('other', 'correlator', reader.url),
  ])
  return { reader, one, other, env: { ...shared.env, CAUSEWAY_VAULT: reader.url }, masterKeyFile }
}

interface Ready {
  readonly ready: boolean
  readonly role: string
  readonly decides: boolean
  readonly warnings: readonly string[]
}

const readyOf = async (serving: SharingProcess) => (await serving.get<Ready>('/ready')).body

/** Asks again until it is so: processes tell nobody when they change. */
async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    await pause(50)
  }
}

const complaint = (id: string) => ({
  id,
  customer: { phone: '13800138000' },
  text: '家里没有信号',
  place: { point: [113.26, 23.13] },
})

const personalOf = async (serving: SharingProcess, id: string) =>
  (await serving.get<{ erased: boolean; fields: object }>(`/v1/complaints/${id}/personal`)).body

for (const { name, start } of sharedServersToTest()) {
  test(
    `on ${name}: a frozen leader is replaced and wakes as a standby; what is erased through one process is erased for all (S1)`,
    { timeout: 90_000 },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'causeway-roles-'))
      closing.push(() => rmSync(folder, { recursive: true, force: true }))
      const shared = await start()
      closing.push(() => shared.close())
      const { reader, one, other, env, masterKeyFile } = await startThree(shared, folder)
      const all = [reader, one, other]

      const [leads] = await eventually(
        async () => Promise.all([readyOf(one), readyOf(other)]),
        (both) => both.some(({ decides }) => decides),
      )
      const [leader, standby] = leads.decides ? [one, other] : [other, one]
      for (const serving of all)
        await eventually(
          async () => readyOf(serving),
          ({ ready }) => ready,
        )
      expect(await readyOf(leader)).toMatchObject({ role: 'correlator', decides: true })
      expect(await readyOf(standby)).toMatchObject({ role: 'correlator', decides: false })
      expect(await readyOf(reader)).toMatchObject({ role: 'reader', decides: false, warnings: [] })

      // Whoever is asked answers with the decision of the leader.
      for (const [at, serving] of all.entries()) {
        const { status, body } = await serving.post<AnswerComplaint>('/v1/complaints', complaint(`C-${at}`))
        expect(status).toBe(201)
        expect(body.attributionId).toBeDefined()
        const assisted = await serving.post<AnswerComplaint>('/v1/assist', complaint(`A-${at}`))
        expect(assisted.status).toBe(200)
      }

      leader.signal('SIGSTOP')
      const taken = await reader.post<AnswerComplaint>('/v1/complaints', complaint('C-frozen'))
      expect(taken.status).toBe(201)
      expect(await readyOf(standby)).toMatchObject({ ready: true, decides: true })
      leader.signal('SIGCONT')
      const after = await leader.post<AnswerComplaint>('/v1/complaints', complaint('C-woken'))
      expect(after.status).toBe(201)
      expect(await readyOf(leader)).toMatchObject({ role: 'correlator', decides: false })
      expect(await readyOf(standby)).toMatchObject({ ready: true, decides: true })

      // Beside the running processes.
      const erased = await runCli(
        ['customer', 'erase', '--phone-stdin', '--yes', '--data', join(folder, 'one', 'data')],
        { env: { ...env, CAUSEWAY_MASTER_KEY_FILE: masterKeyFile }, stdin: '138 0013 8000\n' },
      )
      expect(erased).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('erased') as string })
      for (const serving of all) {
        for (const id of ['C-0', 'C-1', 'C-2', 'C-frozen', 'C-woken']) {
          expect(await personalOf(serving, id)).toMatchObject({ erased: true, fields: {} })
        }
        const known = await eventually(
          async () => serving.get<{ attributionId?: string }>('/v1/complaints/C-frozen'),
          ({ status }) => status === 200,
        )
        expect(JSON.stringify(known.body)).toContain(taken.body.attributionId)
      }

      const log = await shared.open()
      for (const serving of all.toReversed()) await serving.end()
      expect((await verifyLog(log)).findings).toEqual([])
      const { decisions } = await replayLog(log, { onProgress: () => {} })
      // None twice, none skipped: as one engine decides the same log that nothing ever disturbed.
      expect(decisions).toMatchObject({ equal: true, notLogged: 0 })
      expect(decisions?.loggedDecisions).toBeGreaterThanOrEqual(5)
    },
  )
}
