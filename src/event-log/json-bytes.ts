import type { Envelope } from '../../schemas/envelope.ts'

/** How large an event is as JSON in UTF-8: what a log with `maxAppendBytes` counts, summed over the events of a call. */
export function jsonBytes(event: Envelope): number {
  return Buffer.byteLength(JSON.stringify(event))
}
