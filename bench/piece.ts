import type { Row } from './row.ts'

/** How a piece of the bench is run. */
export interface PieceOptions {
  /** The figures of the full size; otherwise smaller ones, which are said in the notes. */
  readonly full: boolean
  /** Told of what goes on, for people who wait. */
  readonly say: (text: string) => void
}

/** One piece: measures and answers rows, in a process of its own. */
export type Piece = (options: PieceOptions) => Promise<readonly Row[]>
