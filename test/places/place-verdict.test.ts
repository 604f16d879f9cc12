import { describe, expect, it } from 'vitest'
import { createPlaceIndex, maxResults, type PlaceIndex } from '../../src/places/place-index.ts'
import { bestMatch, isAmbiguous } from '../../src/places/place-verdict.ts'

function indexOf(
  ...rows: readonly (readonly [id: string, name: string, lon: number, lat: number])[]
): PlaceIndex {
  const index = createPlaceIndex()
  for (const [id, name, lon, lat] of rows) index.put({ id, name, kind: 'street', point: [lon, lat] })
  return index
}

describe('which place is meant', () => {
  it('is none where nothing matches', () => {
    expect(bestMatch([])).toEqual({ kind: 'none' })
  })

  it('is the one of that name, whatever else resembles it', () => {
    const index = indexOf(
      ['a', '天河直街', 113.3, 23.1],
      ['b', '天河北街', 113.4, 23.2],
      ['c', '天河直街社区', 113.5, 23],
    )
    const matches = index.search('天河直街', { limit: maxResults })
    expect(bestMatch(matches)).toMatchObject({ kind: 'one', match: { place: { id: 'a' } }, spreadMeters: 0 })
  })

  it('must be asked where two of the same name lie far apart, one candidate each', () => {
    const index = indexOf(
      ['a1', '人民路', 113.3, 23.1],
      ['a2', '人民路', 113.305, 23.1],
      ['b', '人民路', 116.4, 39.9],
    )
    const verdict = bestMatch(index.search('人民路', { limit: maxResults }))
    expect(verdict).toMatchObject({ kind: 'ambiguous' })
    expect(verdict.kind === 'ambiguous' && verdict.candidates.map((each) => each.place.id)).toEqual([
      'a1',
      'b',
    ])
  })

  it('is one street where its pieces follow each other, however long it is', () => {
    const index = indexOf(
      ['a', '中山大道', 113.3, 23.1],
      ['b', '中山大道', 113.308, 23.1],
      ['c', '中山大道', 113.316, 23.1],
    )
    const verdict = bestMatch(index.search('中山大道', { limit: maxResults }))
    expect(verdict).toMatchObject({ kind: 'one', match: { place: { id: 'a' } } })
    expect(verdict.kind === 'one' && Math.round(verdict.spreadMeters)).toBe(1636)
  })

  it('must be asked where a common beginning fits many, or the likeness is faint', () => {
    const index = indexOf(
      ['a', '天河东路', 113.3, 23.1],
      ['b', '天河西路', 113.4, 23.2],
      ['c', '石牌村', 113.5, 23],
    )
    expect(isAmbiguous(index.search('天河'))).toBe(true)
    expect(isAmbiguous(index.search('石牌西村口'))).toBe(true)
    expect(isAmbiguous(index.search('石牌'))).toBe(false)
  })
})
