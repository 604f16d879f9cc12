import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { errorHandler } from '../../src/http/on-error.ts'
import { vaultRoute } from '../../src/http/routes/vault.ts'
import { memoryVaultStore } from '../../src/vault/memory-vault-store.ts'
import { remoteVault } from '../../src/vault/remote-vault.ts'
import { vaultLine } from '../../src/vault/vault-call.ts'
import { VaultError } from '../../src/vault/vault-error.ts'
import { createVaultHost } from '../../src/vault/vault-host.ts'
import { maxSealedBytes, openVault } from '../../src/vault/vault.ts'

const masterKey = Buffer.alloc(32, 7)
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A process that holds a vault, and how another one asks it. */
async function startHost() {
  let nowMs = 1_000_000
  const vault = openVault({ store: memoryVaultStore(), masterKey })
  const app = Fastify()
  let requests = 0
  app.addHook('onRequest', async () => void (requests += 1))
  app.setErrorHandler(errorHandler(() => {}))
  vaultRoute(app, createVaultHost({ vault, masterKey, nowMs: () => nowMs }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  closing.push(() => app.close())
  return {
    url,
    vault,
    other: (key = masterKey) => remoteVault({ url, masterKey: key, nowMs: () => nowMs }),
    post: (body: Buffer) =>
      fetch(new URL('/vault', url), {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(body),
      }),
    pass: (ms: number) => void (nowMs += ms),
    requests: () => requests,
  }
}

test('S1: what one process seals another one reads, and what any of them erases none can read any more', async () => {
  const host = await startHost()
  const [one, two] = [host.other(), host.other()]
  const ref = one.customerRef('138 1234 5678')
  expect(two.customerRef('13812345678')).toBe(ref)
  expect(host.vault.customerRef('13812345678')).toBe(ref)
  expect(await one.seal('c-1', ref, { phone: '13812345678' })).toEqual({ kind: 'sealed' })
  expect(await two.seal('c-1', ref, { name: '张三' })).toEqual({ kind: 'sealed' })
  expect(await one.unseal('c-1')).toEqual({
    kind: 'fields',
    fields: { phone: '13812345678', name: '张三' },
  })
  expect(await two.erase(ref)).toBe(1)
  for (const vault of [one, two, host.vault]) expect(await vault.unseal('c-1')).toEqual({ kind: 'erased' })
  expect(await one.seal('c-1', ref, { name: '张三' })).toEqual({ kind: 'erased' })
  expect(await one.unseal('c-2')).toEqual({ kind: 'unknown' })
})

test('calls made together go together, and one that fails fails alone', async () => {
  const host = await startHost()
  const vault = host.other()
  const long = vault.seal('c-long', 'ref', { text: 'x'.repeat(maxSealedBytes) })
  long.catch(() => {})
  const sealed = Array.from({ length: 250 }, (_, at) => vault.seal(`c-${at}`, 'ref', { text: `${at}` }))
  await Promise.all(sealed)
  await expect(long).rejects.toThrow(/shorten the text/)
  expect(host.requests()).toBe(3)
  expect(await vault.unseal('c-249')).toEqual({ kind: 'fields', fields: { text: '249' } })
})

test('without the master key nothing is answered, nor is what somebody recorded and sends later', async () => {
  const host = await startHost()
  await expect(host.other(Buffer.alloc(32, 8)).check()).rejects.toThrow(/the same master key/)
  const line = vaultLine(masterKey)
  const recorded = line.closeRequest({ atMs: 1_000_000, calls: [{ kind: 'unseal', subjectId: 'c-1' }] })
  expect((await host.post(recorded)).status).toBe(200)
  const altered = Buffer.from(recorded)
  altered.writeUInt8(altered.readUInt8(20) ^ 1, 20)
  expect((await host.post(altered)).status).toBe(403)
  expect((await host.post(Buffer.from('no box'))).status).toBe(403)
  host.pass(60_001)
  expect((await host.post(recorded)).status).toBe(403)
})

test('a vault that is away is named', async () => {
  const host = await startHost()
  const vault = host.other()
  for (const close of closing.splice(0)) await close()
  await expect(vault.check()).rejects.toThrow(VaultError)
  await expect(vault.unseal('c-1')).rejects.toThrow(
    /^the vault at http:\/\/127.0.0.1:\d+ cannot be reached: /,
  )
})
