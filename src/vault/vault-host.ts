import { VaultError } from './vault-error.ts'
import { vaultLine, type VaultAnswer, type VaultCall } from './vault-call.ts'
import type { Vault } from './vault.ts'

/** Answers other processes that share the log, out of the one vault that they all use. */
export interface VaultHost {
  /** Undefined where the request was not made with this vault's master key, or long ago. */
  answer(requestBox: Buffer): Promise<Buffer | undefined>
}

/** A request that is older, or from as far ahead, may be one that somebody recorded. */
const maxAgeMs = 60_000

export interface VaultHostOptions {
  readonly vault: Vault
  readonly masterKey: Buffer
  readonly nowMs: () => number
}

export function createVaultHost({ vault, masterKey, nowMs }: VaultHostOptions): VaultHost {
  const line = vaultLine(masterKey)
  return {
    async answer(requestBox) {
      const request = line.openRequest(requestBox)
      if (request === undefined || Math.abs(nowMs() - request.atMs) > maxAgeMs) return undefined
      const answers = await Promise.all(request.calls.map(async (call) => answerCall(vault, call)))
      return line.closeAnswers(answers, requestBox)
    },
  }
}

/** What fails, fails its own call alone. */
async function answerCall(vault: Vault, call: VaultCall): Promise<VaultAnswer> {
  try {
    switch (call.kind) {
      case 'seal':
        return await vault.seal(call.subjectId, call.customerRef, call.fields)
      case 'unseal':
        return await vault.unseal(call.subjectId)
      case 'erase':
        return { kind: 'destroyed', subjects: await vault.erase(call.customerRef) }
    }
  } catch (error) {
    if (error instanceof VaultError) return { kind: 'failed', reason: error.message }
    throw error
  }
}
