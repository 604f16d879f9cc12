import { readClauses } from './read-findings.ts'

/** The most features that one text yields; the first ones said count. */
export const maxWordFeatures = 32

/**
 * What a text says, as ids of the vocabulary, sorted: the same in either language. Nothing of the text itself is in
 * them, so no name, number or address can be (S1).
 */
export function wordFeatures(text: string): string[] {
  const ids = readClauses(text).flatMap(({ terms, findings }) => [
    ...terms.map((term) => term.id),
    ...findings.map(({ state }) => state),
  ])
  return [...new Set(ids)].slice(0, maxWordFeatures).sort()
}
