import type { OrderSystem } from '../../schemas/order-system.ts'
import { boundedText } from './bounded-text.ts'
import { headerNames, signatureOf } from './signature.ts'

export interface Message {
  /** The idempotency key: sent again, it is the same message. */
  readonly id: string
  readonly body: string
}

/** `refused`: this message will never be taken. `failed`: it may be later. */
export type Sent =
  | { readonly kind: 'taken'; readonly externalId?: string | undefined }
  | { readonly kind: 'failed' | 'refused'; readonly reason: string }

/** A receiver that says one of these says it of the message and not of itself. */
const refusals: ReadonlySet<number> = new Set([400, 409, 410, 413, 415, 422])

/** Sends one message once. Redirects are not followed: whoever answers with one could lead the orders anywhere. */
export async function sendMessage(
  webhook: NonNullable<OrderSystem['webhook']>,
  { timeoutMs, maxResponseBytes }: OrderSystem['limits'],
  { id, body }: Message,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<Sent> {
  const timestamp = String(Math.floor(nowMs / 1000))
  try {
    const response = await fetch(webhook.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: {
        'content-type': 'application/json',
        [headerNames.delivery]: id,
        [headerNames.timestamp]: timestamp,
        [headerNames.signature]: signatureOf(webhook.secret, timestamp, body),
      },
      body,
    })
    const text = await boundedText(response, maxResponseBytes)
    const { status } = response
    if (response.ok) return { kind: 'taken', externalId: externalIdIn(text) }
    if (status >= 300 && status < 400) {
      return { kind: 'failed', reason: `answered with a redirect (${status}): configure the address itself` }
    }
    return { kind: refusals.has(status) ? 'refused' : 'failed', reason: `answered ${status}` }
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error) }
  }
}

/** The other product may say its number at once. What it says else is its own affair. */
function externalIdIn(text: string | undefined): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '')
    if (typeof parsed === 'object' && parsed !== null && 'externalId' in parsed) {
      return typeof parsed.externalId === 'string' ? parsed.externalId : undefined
    }
  } catch {
    // Most receivers answer nothing.
  }
  return undefined
}

/** The cause of a failed call in short; never what was sent. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message || cause.name
}
