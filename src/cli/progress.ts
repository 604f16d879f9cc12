import type { Terminal } from './context.ts'

export interface Progress {
  /** Shows how far it is; cheap to call often. */
  readonly at: (done: number) => void
  /** Clears the line. */
  readonly end: () => void
}

/** A terminal need not be written to more often than this. */
const minGapMs = 200

/** A line on a terminal that tells how far long work is; nothing at all in a pipe. */
export function progressOn(terminal: Terminal, what: string, nowMs: () => number): Progress {
  if (terminal.isTTY !== true) return { at: () => {}, end: () => {} }
  const startedMs = nowMs()
  let shownMs = startedMs
  return {
    at(done) {
      const now = nowMs()
      if (now - shownMs < minGapMs) return
      shownMs = now
      const rate = Math.round((done * 1000) / Math.max(1, now - startedMs))
      terminal.write(`\r\u001b[K${what} ${grouped(done)} (${grouped(rate)}/s)`)
    },
    end: () => terminal.write('\r\u001b[K'),
  }
}

/** 1234567 → "1,234,567". */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
