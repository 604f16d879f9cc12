import { ImportError } from '../import-error.ts'

export interface Refusal {
  readonly line: number
  readonly reason: string
}

/** Nothing of a drawing can be read, and these are the reasons. `usage`: the mapping is at fault, not what was drawn. */
export class UnreadRowsError extends ImportError {
  readonly rows: number
  readonly refusals: readonly Refusal[]
  constructor(
    message: string,
    { rows, refused }: { readonly rows: number; readonly refused: readonly Refusal[] },
    kind: 'failed' | 'usage' = 'failed',
  ) {
    super(`${message}: ${firstReasons(refused)}`, kind)
    this.rows = rows
    this.refusals = refused
  }
}

/** Refused rows that one sentence names. */
const maxReasonsTold = 3

/** Like `1: raisedAt is missing; 2: …`. */
function firstReasons(refused: readonly Refusal[]): string {
  return refused
    .slice(0, maxReasonsTold)
    .map(({ line, reason }) => `${line}: ${reason}`)
    .join('; ')
}
