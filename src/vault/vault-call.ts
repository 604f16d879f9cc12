import { createHash, hkdfSync } from 'node:crypto'
import { z } from 'zod'
import { closeBox, keyBytes, openBox } from './box.ts'

const subjectId = z.string().min(1).max(200)
const customerRef = z.string().min(1).max(200)
const fields = z.record(z.string(), z.string())

/** What a process asks of the one that holds the vault. */
export const vaultCall = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('seal'), subjectId, customerRef, fields }),
  z.strictObject({ kind: z.literal('unseal'), subjectId }),
  z.strictObject({ kind: z.literal('erase'), customerRef }),
])
export type VaultCall = z.infer<typeof vaultCall>

export const vaultAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sealed') }),
  z.strictObject({ kind: z.literal('erased') }),
  z.strictObject({ kind: z.literal('fields'), fields }),
  z.strictObject({ kind: z.literal('unknown') }),
  z.strictObject({ kind: z.literal('destroyed'), subjects: z.int().min(0) }),
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
])
export type VaultAnswer = z.infer<typeof vaultAnswer>

/** Calls of one request. */
export const maxCallsPerRequest = 100
/** Of the calls of one request, as JSON. */
export const maxCallBytes = 4_194_304
/** Of a request's body: what encloses the calls is short. */
export const maxRequestBytes = maxCallBytes + 131_072

const request = z.strictObject({ atMs: z.number(), calls: z.array(vaultCall).max(maxCallsPerRequest) })
export type VaultRequest = z.infer<typeof request>
const answers = z.array(vaultAnswer)

/** Calls and answers as they go over the line: whoever does not hold the master key can neither read nor make them. */
export interface VaultLine {
  closeRequest(request: VaultRequest): Buffer
  /** Undefined where it was made with another master key, altered, or is of another release. */
  openRequest(box: Buffer): VaultRequest | undefined
  /** An answer fits one request alone. */
  closeAnswers(answers: readonly VaultAnswer[], requestBox: Buffer): Buffer
  openAnswers(box: Buffer, requestBox: Buffer): readonly VaultAnswer[] | undefined
}

export function vaultLine(masterKey: Buffer): VaultLine {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'causeway vault calls', keyBytes))
  const parsed = (plain: Buffer): unknown => JSON.parse(plain.toString())
  const answerTo = (box: Buffer) => `answer to ${createHash('sha256').update(box).digest('hex')}`
  return {
    closeRequest: (calls) => closeBox(key, Buffer.from(JSON.stringify(calls)), 'request'),
    openRequest(box) {
      const plain = openBox(key, box, 'request')
      return plain === undefined ? undefined : request.safeParse(parsed(plain)).data
    },
    closeAnswers: (given, requestBox) =>
      closeBox(key, Buffer.from(JSON.stringify(given)), answerTo(requestBox)),
    openAnswers(box, requestBox) {
      const plain = openBox(key, box, answerTo(requestBox))
      return plain === undefined ? undefined : answers.safeParse(parsed(plain)).data
    },
  }
}
