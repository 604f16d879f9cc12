import { expect, test } from 'vitest'
import { envelope } from '../../schemas/envelope.ts'
import { decodeBlock, encodeBlock, encodeEvent } from '../../src/event-log/block.ts'
import { DamagedRecordError } from '../../src/event-log/event-log.ts'
import { toPosition } from '../../src/event-log/position.ts'
import { eventOf, eventsOf } from './made-events.ts'

const firstOrdinal = 41
const block = encodeBlock('alarms-南', 7, firstOrdinal, eventsOf(1, 4).map(encodeEvent))

function damagedAt(offset: number): Buffer {
  const copy = Buffer.from(block)
  copy.writeUInt8(copy.readUInt8(offset) ^ 1, offset)
  return copy
}

function positionOfDamage(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof DamagedRecordError) return error.position
    throw error
  }
  return 'no damage found'
}

test('every field of the envelope is stored', () => {
  const [read] = decodeBlock(block, firstOrdinal)
  expect(Object.keys(read ?? {})).toEqual(
    expect.arrayContaining([...Object.keys(envelope.shape), 'stream', 'revision', 'position']),
  )
  expect(read).toEqual({
    ...eventOf(1),
    stream: 'alarms-南',
    revision: 7,
    position: toPosition(firstOrdinal),
  })
})

test('a flipped bit anywhere in a block is found', () => {
  for (let offset = 0; offset < block.length; offset += 1) {
    const position = positionOfDamage(() => decodeBlock(damagedAt(offset), firstOrdinal))
    expect(position).toMatch(/^0{14}4[1-4]$/)
  }
})

test('a damaged event is named by its position, and its neighbours can still be read', () => {
  const damaged = damagedAt(block.indexOf('"number":3'))
  expect(positionOfDamage(() => decodeBlock(damaged, firstOrdinal))).toBe(toPosition(43))
  expect(decodeBlock(damaged, firstOrdinal, 0, 2)).toEqual(decodeBlock(block, firstOrdinal, 0, 2))
  expect(decodeBlock(damaged, firstOrdinal, 3)).toEqual(decodeBlock(block, firstOrdinal, 3))
})

test('a block at a place not its own, cut short or empty is damaged', () => {
  expect(positionOfDamage(() => decodeBlock(block, 99))).toBe(toPosition(99))
  for (const length of [0, 5, 20, 90, block.length - 1]) {
    expect(positionOfDamage(() => decodeBlock(block.subarray(0, length), firstOrdinal))).not.toMatch(
      /no damage/,
    )
  }
})

test('a few events of a long block are those of the whole, and damage elsewhere does not hurt them', () => {
  const long = encodeBlock('a', 0, 1, eventsOf(0, 99).map(encodeEvent))
  const all = decodeBlock(long, 1)
  for (const start of [0, 1, 50, 99, 100]) {
    expect(decodeBlock(long, 1, start, start + 1)).toEqual(all.slice(start, start + 1))
  }
  const at = long.indexOf('"number":50')
  long.writeUInt8(long.readUInt8(at) ^ 1, at)
  expect(decodeBlock(long, 1, 49, 50)).toEqual(all.slice(49, 50))
  expect(decodeBlock(long, 1, 51)).toEqual(all.slice(51))
  expect(positionOfDamage(() => decodeBlock(long, 1, 50, 51))).toBe(toPosition(51))
  expect(positionOfDamage(() => decodeBlock(long, 2, 49, 50))).toBe(toPosition(51))
})
