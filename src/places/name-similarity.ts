import { soundAlike } from './han-sounds.ts'
import type { Unit } from './place-text.ts'

/** Two characters that sound alike but are written differently count nearly as much as the same one. */
const soundAlikeSimilarity = 0.8
/** Words less alike than this are different words. */
const minWordSimilarity = 0.55
/** The same units in another order ("Street Baima" for "Baima Street") count a little less. */
const otherOrder = 0.93
/** A name that holds all of the query and more counts less than one that holds no more. */
const partOnly = 0.75
const lettersPerHan = 3

/**
 * How alike two names are, from 0 to 1: twice what they share over what both have (Dice), where units are compared
 * softly: words by edit distance, characters by writing or sound, numbers only whole.
 */
export function nameSimilarity(query: readonly Unit[], name: readonly Unit[]): number {
  const queryWeight = totalWeight(query)
  const nameWeight = totalWeight(name)
  const shared = Math.max(sharedInOrder(query, name), otherOrder * sharedInAnyOrder(query, name))
  return Math.min(1, Math.max((2 * shared) / (queryWeight + nameWeight), (partOnly * shared) / queryWeight))
}

function totalWeight(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + unitWeight(unit), 0)
}

function unitWeight(unit: Unit): number {
  return unit.kind === 'word' ? Math.max(1, unit.text.length / lettersPerHan) : 1
}

function pairWeight(a: Unit, b: Unit): number {
  return (unitSimilarity(a, b) * (unitWeight(a) + unitWeight(b))) / 2
}

/** The heaviest common subsequence. */
function sharedInOrder(query: readonly Unit[], name: readonly Unit[]): number {
  let row = new Float64Array(name.length + 1)
  for (const unit of query) {
    const next = new Float64Array(name.length + 1)
    name.forEach((other, at) => {
      next[at + 1] = Math.max(row[at + 1] ?? 0, next[at] ?? 0, (row[at] ?? 0) + pairWeight(unit, other))
    })
    row = next
  }
  return row[name.length] ?? 0
}

function sharedInAnyOrder(query: readonly Unit[], name: readonly Unit[]): number {
  const taken = new Set<number>()
  let sum = 0
  for (const unit of query) {
    let best = 0
    let bestAt = -1
    name.forEach((other, at) => {
      const weight = taken.has(at) ? 0 : pairWeight(unit, other)
      if (weight > best) [best, bestAt] = [weight, at]
    })
    if (bestAt >= 0) taken.add(bestAt)
    sum += best
  }
  return sum
}

function unitSimilarity(a: Unit, b: Unit): number {
  if (a.text === b.text) return 1
  if (a.kind !== b.kind) return 0
  switch (a.kind) {
    case 'number':
      return 0
    case 'han':
      return soundAlike(a.text, b.text) ? soundAlikeSimilarity : 0
    case 'word':
      return wordSimilarity(a.text, b.text)
  }
}

function wordSimilarity(a: string, b: string): number {
  const longer = Math.max(a.length, b.length)
  if (Math.abs(a.length - b.length) > longer * (1 - minWordSimilarity)) return 0
  const similarity = 1 - editDistance(a, b) / longer
  return similarity < minWordSimilarity ? 0 : similarity
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, one each. */
function editDistance(a: string, b: string): number {
  let beforeLast = new Uint16Array(b.length + 1)
  let last = Uint16Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = new Uint16Array(b.length + 1)
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      }
      row[j] = cost
    }
    ;[beforeLast, last] = [last, row]
  }
  return last[b.length] ?? 0
}
