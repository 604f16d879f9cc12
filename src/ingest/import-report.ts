/** A row that was not taken. Holds nothing of its content beyond what the reason shows. */
export interface Refusal {
  readonly file: string
  /** Of the file, the heading being line 1. */
  readonly line: number
  readonly reason: string
}

/** What an import came to. */
export interface ImportCounts {
  rows: number
  /** Events stored by this run. */
  stored: number
  /** Events that were known already, or elements that have not changed. */
  known: number
  refused: number
}

/** Told of everything as it happens. */
export interface ImportReport {
  readonly counts: ImportCounts
  refuse(refusal: Refusal): void
  /** A remark that is no refusal. */
  note(text: string): void
  /** Called after each batch. */
  progress(): void
}
