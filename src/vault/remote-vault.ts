import { refKeyOf, customerRefOf } from './customer-ref.ts'
import {
  maxCallBytes,
  maxCallsPerRequest,
  vaultLine,
  type VaultAnswer,
  type VaultCall,
} from './vault-call.ts'
import { VaultError } from './vault-error.ts'
import type { Vault } from './vault.ts'

export interface RemoteVaultOptions {
  /** Of the process that holds the vault, like `http://10.0.0.5:8620`. */
  readonly url: string
  /** The same as there: references to customers come of it, and the right to ask. */
  readonly masterKey: Buffer
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

/** A request that is not answered in this time is given up. */
const timeoutMs = 5_000
/** Calls that wait for their turn; beyond it they are refused. */
const maxWaitingCalls = 10_000

interface Waiting {
  readonly call: VaultCall
  readonly bytes: number
  resolve(answer: VaultAnswer): void
  reject(error: unknown): void
}

/**
 * The vault of another process. It is asked for each seal and each reading, and nothing of its keys or fields is kept here:
 * what it has erased can be read nowhere from that moment on. Where it cannot be reached, calls throw `VaultError`.
 */
export function remoteVault({ url, masterKey, nowMs }: RemoteVaultOptions): Vault {
  const line = vaultLine(masterKey)
  const refKey = refKeyOf(masterKey)
  const address = new URL('/vault', url)
  let waiting: Waiting[] = []
  let sending: Promise<void> | undefined

  const ask = async (calls: readonly VaultCall[]): Promise<readonly VaultAnswer[]> => {
    const box = line.closeRequest({ atMs: nowMs(), calls: [...calls] })
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(box),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      throw new VaultError(`the vault at ${address.origin} cannot be reached: ${causeOf(error)}`)
    })
    const body = Buffer.from(await response.arrayBuffer())
    if (response.status === 403) throw refused(address.origin)
    const answers = response.ok ? line.openAnswers(body, box) : undefined
    if (answers?.length !== calls.length) {
      throw new VaultError(`${address.origin} does not answer as a vault (${response.status}): is it one?`)
    }
    return answers
  }

  const sendGroup = async (group: readonly Waiting[]) => {
    try {
      const answers = await ask(group.map(({ call }) => call))
      answers.forEach((answer, at) => group[at]?.resolve(answer))
    } catch (error) {
      for (const call of group) call.reject(error)
    }
  }
  const takeGroup = (): readonly Waiting[] => {
    let bytes = 0
    let count = 0
    for (const { bytes: more } of waiting.slice(0, maxCallsPerRequest)) {
      bytes += more
      if (count > 0 && bytes > maxCallBytes) break
      count += 1
    }
    const group = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return group
  }
  const sendAll = async () => {
    // What is called in one turn goes together.
    await Promise.resolve()
    while (waiting.length > 0) await sendGroup(takeGroup())
    sending = undefined
  }
  const submit = (call: VaultCall): Promise<VaultAnswer> => {
    if (waiting.length >= maxWaitingCalls) {
      throw new VaultError(`${waiting.length} calls wait for the vault (maxWaitingCalls): send again later`)
    }
    return new Promise((resolve, reject) => {
      waiting.push({ call, bytes: Buffer.byteLength(JSON.stringify(call)), resolve, reject })
      sending ??= sendAll()
    })
  }
  const submitted = async (call: VaultCall): Promise<VaultAnswer> => {
    const answer = await submit(call)
    if (answer.kind === 'failed') throw new VaultError(answer.reason)
    return answer
  }

  return {
    customerRef: (raw) => customerRefOf(refKey, raw),
    seal: async (subjectId, customerRef, fields) => {
      const answer = await submitted({ kind: 'seal', subjectId, customerRef, fields: { ...fields } })
      if (answer.kind === 'sealed' || answer.kind === 'erased') return answer
      throw unexpected(answer)
    },
    unseal: async (subjectId) => {
      const answer = await submitted({ kind: 'unseal', subjectId })
      if (answer.kind === 'fields' || answer.kind === 'erased' || answer.kind === 'unknown') return answer
      throw unexpected(answer)
    },
    erase: async (customerRef) => {
      const answer = await submitted({ kind: 'erase', customerRef })
      if (answer.kind === 'destroyed') return answer.subjects
      throw unexpected(answer)
    },
    check: async () => void (await ask([])),
    close: async () => sending,
  }
}

function refused(origin: string): VaultError {
  return new VaultError(
    `the vault at ${origin} does not know this process: give it the same master key, and set both clocks`,
  )
}

function unexpected({ kind }: VaultAnswer): VaultError {
  return new VaultError(`the vault answered "${kind}" to another question: both must be of one release`)
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
