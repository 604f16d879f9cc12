import type { Term } from './term.ts'
import { characterForms, vocabulary } from './vocabulary.ts'

/** The most of a text that is read; the longest complaints that people write are well below. */
export const maxTextChars = 4_000

/** A word of the vocabulary in a clause; `start` and `end` are offsets in the tidied clause. */
export interface FoundTerm {
  readonly term: Term
  readonly start: number
  readonly end: number
  /** Written in letters, where adjectives stand before what they describe; in Chinese they stand behind it. */
  readonly isLatin: boolean
}

interface Pattern {
  readonly term: Term
  readonly regex: RegExp
}

const simplifiedForms = new Map(characterForms.split(' ').map((pair) => [pair.slice(0, 1), pair.slice(1)]))
const clauseEnd = /[,;!?。、\n\r]|\.(?!\d)|\s-\s/

const patterns = new Map<string, Pattern[]>()
for (const term of vocabulary) {
  for (const words of `${term.zh}|${term.en}`.split('|')) {
    const phrase = tidy(words, '*')
    if (phrase === '') continue
    const key = keyAt(phrase, 0)
    patterns.set(key, [...(patterns.get(key) ?? []), { term, regex: regexOf(phrase) }])
  }
}

/** The vocabulary's words in a text, clause by clause, longest words first. Other words leave no trace. */
export function findTerms(text: string): FoundTerm[][] {
  return text
    .slice(0, maxTextChars)
    .normalize('NFKC')
    .split(clauseEnd)
    .map((clause) => termsOf(tidy(clause)))
    .filter((terms) => terms.length > 0)
}

/** Lower case, simplified characters, no apostrophes, and one space for whatever stands between words. */
function tidy(text: string, keep = ''): string {
  return simplified(text.toLowerCase())
    .replace(/['’`]/g, '')
    .replace(keep === '' ? /[^\p{L}\p{N}]+/gu : /[^\p{L}\p{N}*]+/gu, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .trim()
}

/** The text in simplified characters, as far as the vocabulary needs them. */
export function simplified(text: string): string {
  return Array.from(text, (character) => simplifiedForms.get(character) ?? character).join('')
}

function regexOf(phrase: string): RegExp {
  const begin = /^[a-z\d]/.test(phrase) ? '(?<![a-z\\d])' : ''
  const end = /[a-z\d]$/.test(phrase) ? '(?![a-z\\d])' : ''
  return new RegExp(begin + phrase.replaceAll('*', '[a-z]*') + end, 'y')
}

/** Two letters or one Han character: few enough patterns share them to try each. */
function keyAt(text: string, at: number): string {
  return text.slice(at, /[a-z\d]/.test(text.charAt(at)) ? at + 2 : at + 1)
}

function termsOf(clause: string): FoundTerm[] {
  const found: FoundTerm[] = []
  let at = 0
  while (at < clause.length) {
    const matches = (patterns.get(keyAt(clause, at)) ?? []).map(({ term, regex }) => {
      regex.lastIndex = at
      return { term, length: regex.exec(clause)?.[0].length ?? 0 }
    })
    const longest = Math.max(0, ...matches.map(({ length }) => length))
    if (longest > 0) {
      const isLatin = /[a-z\d]/.test(clause.charAt(at))
      for (const { term, length } of matches) {
        if (length === longest) found.push({ term, start: at, end: at + longest, isLatin })
      }
    }
    at += Math.max(1, longest)
  }
  return found
}
