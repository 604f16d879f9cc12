/** What each kind of failure ends the command with. */
const exitCodes = { failed: 1, usage: 2, refused: 3 } as const

/**
 * The import as a whole cannot go on (`failed`, or `usage` where the command line is at fault), or it is through and
 * some rows were `refused`. Says what to do.
 */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly kind: keyof typeof exitCodes
  constructor(message: string, kind: keyof typeof exitCodes = 'failed') {
    super(message)
    this.kind = kind
  }
  get exitCode(): number {
    return exitCodes[this.kind]
  }
}
