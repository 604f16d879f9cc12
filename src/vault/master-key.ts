import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { keyBytes } from './box.ts'
import { VaultError } from './vault-error.ts'

/** A master key as text: 32 bytes in base64. Throws `VaultError` for anything else. */
export function parseMasterKey(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== keyBytes) {
    throw new VaultError(
      `a master key is ${keyBytes} bytes in base64: make one with "openssl rand -base64 32"`,
    )
  }
  return key
}

/**
 * The master key from a file, which is made at the first start, readable by its owner alone. Throws `VaultError` where
 * others may read it. Whoever loses this file loses the sealed fields: keep a copy of it apart from those of the data.
 */
export function readOrMakeMasterKey(file: string): Buffer {
  try {
    const descriptor = openSync(file, 'wx', 0o600)
    writeSync(descriptor, `${randomBytes(keyBytes).toString('base64')}\n`)
    fsyncSync(descriptor)
    closeSync(descriptor)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readMasterKey(file)
}

/** The master key from a file that is there. Throws `VaultError` where it is not, or others may read it. */
export function readMasterKey(file: string): Buffer {
  if (!existsSync(file)) {
    throw new VaultError(`${file} is not there: copy the master key of the process that holds the vault`)
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new VaultError(`${file} can be read by others than its owner: chmod 600 it`)
  }
  return parseMasterKey(readFileSync(file, 'utf8'))
}
