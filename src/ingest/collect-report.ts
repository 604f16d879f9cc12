import { closeSync, openSync, writeSync } from 'node:fs'
import type { ImportCounts, ImportReport, Refusal } from './import-report.ts'

/** Refused rows named on the terminal; a file takes all of them. */
const maxRefusedShown = 10

export interface CollectedReport extends ImportReport {
  /** What to tell at the end, a line each. */
  summary(): readonly string[]
  close(): void
}

/** Counts, keeps the first refusals to be shown, and writes all of them to a file as NDJSON where one is named. */
export function collectReport(
  refusedFile: string | undefined,
  onProgress: (counts: Readonly<ImportCounts>) => void,
): CollectedReport {
  const counts: ImportCounts = { rows: 0, stored: 0, known: 0, refused: 0 }
  const shown: Refusal[] = []
  const notes: string[] = []
  const descriptor = refusedFile === undefined ? undefined : openSync(refusedFile, 'w')
  return {
    counts,
    refuse(refusal) {
      counts.refused += 1
      if (shown.length < maxRefusedShown) shown.push(refusal)
      if (descriptor !== undefined) writeSync(descriptor, `${JSON.stringify(refusal)}\n`)
    },
    note: (text) => void notes.push(text),
    progress: () => onProgress(counts),
    summary() {
      const more = counts.refused - shown.length
      const hint = refusedFile === undefined ? '; --refused FILE keeps all' : `; all are in ${refusedFile}`
      return [
        ...notes,
        ...shown.map(({ file, line, reason }) => `${file}, line ${line}: ${reason}`),
        ...(more > 0 ? [`… and ${more} more${hint}`] : []),
        `${counts.rows} rows read; ${counts.stored} stored, ${counts.known} known already, ${counts.refused} refused`,
      ]
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor)
    },
  }
}
