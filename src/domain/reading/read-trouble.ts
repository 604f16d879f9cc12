import { readClauses, type Clause } from './read-findings.ts'
import type { StillOut, TroublePattern, TroubleSetting } from './reading-values.ts'
import type { Term } from './term.ts'

/** Whether the trouble goes on; what is said last counts, since people tell it in order. */
export function readStillOut(text: string): StillOut {
  return (
    readClauses(text)
      .map(stillOutOf)
      .findLast((reading) => reading !== 'unknown') ?? 'unknown'
  )
}

function stillOutOf({ terms, findings }: Clause): StillOut {
  // "When will it be restored?" holds the word "restored", and says the contrary.
  if (terms.some((term) => term.id === 'asks-when')) return 'yes'
  const said = terms.findLast((term) => term.stillOut !== undefined)?.stillOut
  if (said !== undefined) return said
  const last = findings.at(-1)
  if (last === undefined || !terms.some((term) => term.id === 'now')) return 'unknown'
  return last.state === 'good' ? 'no' : 'yes'
}

/** How the trouble comes: what goes on for months may also come and go, and is chronic all the same. */
export function readPattern(text: string): TroublePattern | undefined {
  const terms = termsOf(readClauses(text))
  const says = (pattern: TroublePattern): boolean => terms.some((term) => term.pattern === pattern)
  if (says('chronic')) return 'chronic'
  if (says('intermittent')) return 'intermittent'
  if (says('sudden')) return 'sudden'
  const isRecent = terms.some((term) => term.duration === 'recent')
  return terms.some((term) => term.duration === 'always') && !isRecent ? 'chronic' : undefined
}

const settingsByWeight = ['basement-or-lift', 'moving', 'indoor', 'outdoor'] as const

/** Where the trouble is felt. "Fine outside, nothing in the lift" is about the lift. */
export function readSetting(text: string): TroubleSetting | undefined {
  const clauses = readClauses(text)
  const troubled = clauses.filter(({ findings }) => !findings.some(({ state }) => state === 'good'))
  return heaviestSetting(troubled) ?? heaviestSetting(clauses)
}

function heaviestSetting(clauses: readonly Clause[]): TroubleSetting | undefined {
  const named = new Set(termsOf(clauses).map((term) => term.setting))
  return settingsByWeight.find((setting) => named.has(setting))
}

function termsOf(clauses: readonly Clause[]): Term[] {
  return clauses.flatMap(({ terms }) => terms)
}
