import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** Bytes of every key here. */
export const keyBytes = 32
/** How much longer a box is than what it holds. */
const boxOverheadBytes = ivBytes + tagBytes

/** AES-256-GCM under a random nonce: nonce, ciphertext, tag. `bound` is not stored, but must be the same to open it. */
export function closeBox(key: Buffer, plain: Buffer, bound: string): Buffer {
  const iv = randomBytes(ivBytes)
  const sealing = createCipheriv(cipher, key, iv).setAAD(Buffer.from(bound))
  return Buffer.concat([iv, sealing.update(plain), sealing.final(), sealing.getAuthTag()])
}

/** What `closeBox` was given, or `undefined` where key, box or `bound` is not the one it was closed with. */
export function openBox(key: Buffer, box: Buffer, bound: string): Buffer | undefined {
  if (box.length < boxOverheadBytes) return undefined
  const opening = createDecipheriv(cipher, key, box.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(bound))
    .setAuthTag(box.subarray(box.length - tagBytes))
  try {
    return Buffer.concat([opening.update(box.subarray(ivBytes, box.length - tagBytes)), opening.final()])
  } catch {
    return undefined
  }
}
