import { isDeepStrictEqual } from 'node:util'
import type { Envelope } from '../../schemas/envelope.ts'

/**
 * Whether two events say the same: `type`, `occurredAt` and `data`, in whatever order its keys come. When the log took
 * them and who brought them does not count. Both sides must have been through JSON, which drops what it cannot hold.
 */
export function sameContent(left: Envelope, right: Envelope): boolean {
  return (
    left.type === right.type &&
    left.occurredAt === right.occurredAt &&
    isDeepStrictEqual(left.data, right.data)
  )
}
