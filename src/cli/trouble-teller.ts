import type { Terminal } from './context.ts'
import { describeError } from './describe-error.ts'

/** The same trouble is told again after this long. */
const repeatMs = 30_000
/** Different troubles remembered at the same time. */
const maxTold = 100

/** Tells of troubles that are tried again, each kind at most twice a minute: a full disk fails many times a second. */
export function troubleTeller(terminal: Terminal, nowMs: () => number): (error: unknown) => void {
  const told = new Map<string, number>()
  return (error) => {
    const text = describeError(error)
    const now = nowMs()
    if (now - (told.get(text) ?? Number.NEGATIVE_INFINITY) < repeatMs) return
    if (told.size >= maxTold) told.clear()
    told.set(text, now)
    terminal.write(`causeway: ${text} (trying again)\n`)
  }
}
