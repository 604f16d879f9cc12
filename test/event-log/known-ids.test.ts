import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { createKnownIds } from '../../src/event-log/known-ids.ts'

const idOf = (number: number): string => {
  const hex = createHash('sha1').update(String(number)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
const countedUp = (number: number): string =>
  `00000000-0000-5000-8000-${number.toString(16).padStart(12, '0')}`

test.each([
  ['ids as they are derived', idOf],
  ['ids that differ in their last digits alone', countedUp],
])('many more than one table holds are all known, and others are not: %s (L2)', (_, id) => {
  const known = createKnownIds()
  const count = 150_000
  for (let revision = 0; revision < count; revision += 1) known.add(id(revision), revision)
  expect(known.size).toBe(count)
  for (let revision = 0; revision < count; revision += 1) {
    if (!known.revisionsOf(id(revision)).includes(revision)) throw new Error(`${id(revision)} is not known`)
  }
  const strangers = Array.from({ length: 10_000 }, (_unused, index) => known.revisionsOf(id(count + index)))
  expect(strangers.filter((revisions) => revisions.length > 0)).toEqual([])
})

test('an id is known in either spelling, and ids that share 64 bits are both told', () => {
  const known = createKnownIds()
  const id = 'abcdef01-0000-5000-8000-0000000000ff'
  known.add(id, 3)
  known.add(id.replace('-5000-', '-5001-'), 7)
  expect(known.revisionsOf(id.toUpperCase())).toEqual([3, 7])
})
