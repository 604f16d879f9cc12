import type { Draft } from './draft.ts'

/** A draft with its source and the place in the files that it came from. */
export interface SourcedDraft {
  readonly draft: Draft
  /** `meta.source` of the event. */
  readonly source: string
  readonly file: string
  readonly line: number
}

/** What became of drafts that were handed over. */
export interface Written {
  readonly stored: number
  /** Known already, with the same content. */
  readonly known: number
  readonly refused: readonly { readonly item: SourcedDraft; readonly reason: string }[]
  /** Refused without being named here; the server keeps and lists them. */
  readonly unlisted: number
}

/** Where an import goes: a data folder, or a running server. */
export interface ImportTarget {
  /** Resolves once what was stored is durable. The order is kept. */
  write(items: readonly SourcedDraft[]): Promise<Written>
}
