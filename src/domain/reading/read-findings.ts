import { findTerms, type FoundTerm } from './find-terms.ts'
import type { State, Subject, Term } from './term.ts'

/** "The signal (subject) is weak (state)", as far as the text says so. */
export interface Finding {
  /** Left out: nobody said what ("it does not work"). */
  readonly subject?: Subject
  readonly state: State
}

export interface Clause {
  /** It follows a "but": the trouble proper. */
  readonly isContrast: boolean
  readonly findings: readonly Finding[]
  /** The terms that hold, those denied left out. */
  readonly terms: readonly Term[]
}

/** How far a "not" reaches: to the next word of the vocabulary, with at most so many characters between. */
const negationReachChars = 18
/** An English adjective stands right before its noun. */
const adjacentChars = 1

/** A text as its clauses, with denials applied: "没有欠费" names no debt, and "not dropping" is good. */
export function readClauses(text: string): Clause[] {
  const clauses: Clause[] = []
  let carried: Subject | undefined
  for (const found of findTerms(text)) {
    for (const part of splitAtBut(found)) {
      const words = applyNegation(part.words)
      const findings = findingsOf(words, carried)
      carried = words.findLast(({ term }) => term.subject !== undefined)?.term.subject ?? carried
      clauses.push({ isContrast: part.isContrast, findings, terms: words.map(({ term }) => term) })
    }
  }
  return clauses
}

interface Part {
  readonly isContrast: boolean
  readonly words: FoundTerm[]
}

function splitAtBut(found: readonly FoundTerm[]): Part[] {
  const parts: Part[] = [{ isContrast: false, words: [] }]
  for (const word of found) {
    if (word.term.role === 'but') parts.push({ isContrast: true, words: [] })
    else if (word.term.role !== 'neutral') parts.at(-1)?.words.push(word)
  }
  return parts.filter((part, at) => at > 0 || part.words.length > 0)
}

function applyNegation(words: readonly FoundTerm[]): FoundTerm[] {
  const held: FoundTerm[] = []
  let denial: FoundTerm | undefined
  let deniedStart: number | undefined
  for (const word of words) {
    if (word.term.role === 'not') {
      denial = word
      deniedStart = undefined
      continue
    }
    // The first word behind the "not" is denied, in all its meanings.
    if (denial !== undefined && word.start - denial.end <= negationReachChars) deniedStart ??= word.start
    if (denial !== undefined && word.start === deniedStart) held.push(...denied(word, denial.start))
    else held.push(word)
  }
  const last = held.at(-1)
  // "信号没有": what is denied may stand before the "not", where nothing stands behind it.
  if (denial?.isLatin === false && deniedStart === undefined && last?.term.state === undefined) {
    if (last?.term.subject !== undefined) held.push({ ...denial, term: { ...stateless, state: 'none' } })
  }
  return held
}

const stateless = { id: 'none', zh: '', en: '' } satisfies Term

function denied(word: FoundTerm, start: number): FoundTerm[] {
  const { term } = word
  const as = (change: Partial<Term>): FoundTerm[] => [
    { ...word, start, term: { id: term.id, zh: '', en: '', ...change } },
  ]
  const subject = term.subject === undefined ? {} : { subject: term.subject }
  const service = term.service === undefined ? {} : { service: term.service }
  if (term.stillOut === 'no') return as({ stillOut: 'yes' })
  if (term.reason !== undefined) return []
  if (term.state !== undefined)
    return as({ ...subject, ...service, state: term.state === 'good' ? 'bad' : 'good' })
  if (term.subject !== undefined) return as({ ...subject, ...service, state: 'none' })
  return [word]
}

function findingsOf(words: readonly FoundTerm[], carried: Subject | undefined): Finding[] {
  const findings: Finding[] = []
  for (const word of words) {
    const { state } = word.term
    if (state === undefined) continue
    const subject = word.term.subject ?? subjectOf(word, words) ?? carried
    // "Internet speed" alone complains of it; "internet speed is fine" does not.
    const at = findings.findIndex((other) => other.subject === subject && other.state === 'slow')
    if (state === 'good' && at >= 0) findings.splice(at, 1)
    findings.push({ ...(subject === undefined ? {} : { subject }), state })
  }
  return findings
}

function subjectOf(word: FoundTerm, words: readonly FoundTerm[]): Subject | undefined {
  const behind = words.find(({ term, start }) => term.subject !== undefined && start >= word.end)
  if (word.isLatin && behind !== undefined && behind.start - word.end <= adjacentChars)
    return behind.term.subject
  const before = words.findLast(({ term, end }) => term.subject !== undefined && end <= word.start)
  return (before ?? behind)?.term.subject
}
