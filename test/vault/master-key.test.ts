import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseMasterKey, readOrMakeMasterKey } from '../../src/vault/master-key.ts'
import { VaultError } from '../../src/vault/vault-error.ts'

const root = mkdtempSync(join(tmpdir(), 'causeway-key-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('a master key is made once, for its owner alone', () => {
  const file = join(root, 'master.key')
  const key = readOrMakeMasterKey(file)
  expect(key).toHaveLength(32)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readOrMakeMasterKey(file)).toEqual(key)
})

test.skipIf(process.platform === 'win32')('a key that others may read is refused', () => {
  const file = join(root, 'open.key')
  readOrMakeMasterKey(file)
  chmodSync(file, 0o644)
  expect(() => readOrMakeMasterKey(file)).toThrow(/chmod 600/)
})

test('what is no key is refused with how to make one', () => {
  expect(() => parseMasterKey('secret')).toThrow(VaultError)
  const file = join(root, 'short.key')
  writeFileSync(file, 'c2hvcnQ=\n', { mode: 0o600 })
  expect(() => readOrMakeMasterKey(file)).toThrow(/32 bytes in base64/)
})
