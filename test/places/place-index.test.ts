import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPlaceIndex, maxResults, type Place, type PlaceIndex } from '../../src/places/place-index.ts'

const guangzhou: Place[] = [
  place('street', '天河直街', 'street', [113.33, 23.13], ['Tianhe Straight Street']),
  place('north', '天河北街', 'street', [113.32, 23.15]),
  place('south', '天河南一路', 'street', [113.32, 23.14]),
  place('garden', '白马花园', 'site', [113.331, 23.131], ['Baima Garden', '白马苑']),
  place('yard-12', '绿地中心12号院', 'estate', [113.4, 23.1]),
  place('yard-2', '绿地中心2号院', 'estate', [113.41, 23.1]),
  place('bank', '重庆银行大厦', 'building', [113.3, 23.12]),
  place('soho', 'SOHO广场A座', 'building', [113.3, 23.12]),
  place('hospital', '中山大学附属第一医院', 'hospital', [113.29, 23.13]),
  place('piccadilly', 'Piccadilly', 'street', [-0.14, 51.51]),
  place('circus', 'Piccadilly Circus', 'square', [-0.13, 51.51]),
  place('kings', "King's Road", 'street', [-0.16, 51.49]),
  place('cafe', 'Café de la Paix', 'building', [2.33, 48.87]),
  place('birmingham', 'Birmingham New Street', 'station', [-1.9, 52.48]),
]

function place(id: string, name: string, kind: string, point: [number, number], aliases?: string[]): Place {
  return { id, name, kind, point, aliases }
}

function indexOf(places: readonly Place[]): PlaceIndex {
  const index = createPlaceIndex()
  for (const each of places) index.put(each)
  return index
}

describe('a place is found', () => {
  const index = indexOf(guangzhou)
  it.each([
    ['by its name', '天河直街', 'street', 'exact'],
    ['by its other name', 'tianhe straight street', 'street', 'alias'],
    ['by a second Chinese name', '白马苑', 'garden', 'alias'],
    ['by its beginning', '天河直', 'street', 'prefix'],
    ['by its end', '直街', 'street', 'substring'],
    ['by a part in the middle', '大学附属', 'hospital', 'substring'],
    ['in a longer description', '广州市天河区天河直街附近', 'street', 'substring'],
    ['in a longer English description', 'the shop beside Baima Garden, gate 3', 'garden', 'substring'],
    ['with a character of the same sound', '天河植街', 'street', 'pinyin'],
    ['with two characters of the same sound', '白玛花元', 'garden', 'pinyin'],
    ['with a southern slip (z for zh)', '天河资街', 'street', 'pinyin'],
    ['by pinyin in words', 'tianhe zhijie', 'street', 'pinyin'],
    ['by pinyin in one', 'tianhezhijie', 'street', 'pinyin'],
    ['by pinyin in syllables', 'TIAN HE ZHI JIE', 'street', 'pinyin'],
    ['by pinyin begun', 'tianhezhi', 'street', 'pinyin'],
    ['by pinyin with half a syllable', 'tianhe zhij', 'street', 'pinyin'],
    ['by pinyin of its end', 'huayuan', 'garden', 'pinyin'],
    ['by pinyin with zh, ch, sh and -ng mixed up', 'tianhezijie', 'street', 'pinyin'],
    ['by pinyin with ü typed as v', 'lvdi zhongxin', 'yard-12', 'pinyin'],
    ['by pinyin with ü typed as u', 'ludizhongxin', 'yard-12', 'pinyin'],
    ['by pinyin and a number', 'lvdizhongxin12haoyuan', 'yard-12', 'pinyin'],
    ['by either reading of a character', 'chongqing yinhang', 'bank', 'pinyin'],
    ['by its initials', 'thzj', 'street', 'initials'],
    ['by initials begun', 'bmh', 'garden', 'initials'],
    ['with an English word misheard', 'Tianhe Strait Street', 'street', 'fuzzy'],
    ['with a letter too few', 'Piccadily', 'piccadilly', 'fuzzy'],
    ['with two letters swapped', 'Picacdilly Circus', 'circus', 'fuzzy'],
    ['with words in another order', 'circus piccadilly', 'circus', 'substring'],
    ['with words in another order, one wrong', 'garden baimo', 'garden', 'fuzzy'],
    ['with parts in another order', '直街天河', 'street', 'fuzzy'],
    ['with a wrong character', '白马公园', 'garden', 'fuzzy'],
    ['in capitals', 'PICCADILLY CIRCUS', 'circus', 'exact'],
    ['in full-width letters', 'ＳＯＨＯ广场Ａ座', 'soho', 'exact'],
    ['in full-width digits', '绿地中心１２号院', 'yard-12', 'exact'],
    ['without accents', 'cafe de la paix', 'cafe', 'exact'],
    ['without the apostrophe', 'kings road', 'kings', 'exact'],
    ['by a number in its name', '12号院', 'yard-12', 'substring'],
  ])('%s: %s', (_how, query, id, matched) => {
    const [first] = index.search(query)
    expect(first?.place.id).toBe(id)
    expect(first?.matched).toBe(matched)
  })

  it('with whole numbers only: 2号院 is not in 12号院', () => {
    expect(index.search('2号院').map((match) => match.place.id)).toEqual(['yard-2'])
  })

  it('under the name that matched', () => {
    expect(index.search('baima')[0]?.matchedName).toBe('Baima Garden')
  })

  it('only among the kinds asked for', () => {
    expect(index.search('白马花园', { kinds: ['street'] })).toEqual([])
    expect(index.search('白马花园', { kinds: ['street', 'site'] })[0]?.place.id).toBe('garden')
  })
})

describe('the order of answers', () => {
  it('puts better kinds of match first', () => {
    const index = indexOf([
      place('fuzzy', '天河北街', 'x', [0, 0]),
      place('pinyin', '添和直街', 'x', [0, 0]),
      place('substring', '老天河直街', 'x', [0, 0]),
      place('prefix', '天河直街社区', 'x', [0, 0]),
      place('alias', '直街', 'x', [0, 0], ['天河直街']),
      place('exact', '天河直街', 'x', [0, 0]),
    ])
    const order = index.search('天河直街').map((match) => match.matched)
    expect(order).toEqual(['exact', 'alias', 'prefix', 'substring', 'pinyin', 'fuzzy'])
  })

  it('puts the nearer of namesakes first where a point is known, else the smaller id', () => {
    const index = indexOf([
      place('c', '人民路', 'street', [113.3, 23.1]),
      place('a', '人民路', 'street', [121.4, 31.2]),
      place('b', '人民路', 'street', [116.4, 39.9]),
    ])
    const ids = (near?: [number, number]): string[] =>
      index.search('人民路', { near }).map((match) => match.place.id)
    expect(ids()).toEqual(['a', 'b', 'c'])
    expect(ids([113, 23])).toEqual(['c', 'a', 'b'])
  })

  it('does not depend on the order in which places came', () => {
    const forwards = indexOf(guangzhou)
    const backwards = indexOf(guangzhou.toReversed())
    for (const query of ['天河', 'road', 'lvdi', 'th', '中心', 'street']) {
      expect(forwards.search(query)).toEqual(backwards.search(query))
    }
  })
})

describe('places come and go', () => {
  it('finds what was put, not what was removed or renamed', () => {
    const index = indexOf(guangzhou)
    index.put(place('advisory', '白马花园北门施工', 'advisory', [113.33, 23.13]))
    expect(index.search('白马花园北门')[0]?.place.id).toBe('advisory')
    expect(index.remove('advisory')).toBe(true)
    expect(index.remove('advisory')).toBe(false)
    expect(index.search('白马花园北门').map((match) => match.place.id)).not.toContain('advisory')
    index.put(place('garden', '黑马花园', 'site', [113.33, 23.13]))
    expect(index.search('白马苑', { limit: 1 })[0]?.matched).not.toBe('alias')
    expect(index.get('garden')?.name).toBe('黑马花园')
    expect(index.size).toBe(guangzhou.length)
  })

  it('answers alike after many replacements', () => {
    const index = indexOf(guangzhou)
    for (let round = 0; round < 6_000; round++) {
      index.put(place('moving', `临时基站${round}号`, 'site', [113, 23]))
    }
    index.remove('moving')
    expect(index.search('天河直')).toEqual(indexOf(guangzhou).search('天河直'))
    expect(index.search('临时基站')).toEqual([])
  })
})

describe('hostile queries', () => {
  const index = indexOf(guangzhou)
  it.each([
    ['empty', ''],
    ['blanks', ' \t\n'],
    ['emoji', '😀👨‍👩‍👧'],
    ['control characters', '\u0000\u0007\u001b[31m'],
    ['a lone surrogate', '\ud800天\udc00'],
    ['regular expression signs', '.*(天河|[^)]+$\\'],
    ['very long', '天河直街'.repeat(10_000)],
    ['very long pinyin', 'xianxian'.repeat(2_000)],
    ['one letter many times', 'a'.repeat(10_000)],
    ['combining marks', `a${'\u0301'.repeat(9_999)}`],
    ['letters that expand', '\ufdfa'.repeat(1_000)],
  ])('%s: answered at once', (_what, query) => {
    expect(index.search(query).length).toBeLessThanOrEqual(maxResults)
  })

  it('never throw, as names or as queries, and scores stay between 0 and 1', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom('天', '河', '直', '街', '重', 'a', 'x', '1', '１', ' ', '😀', '\ud800', '-'),
      }),
    )
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), text, (names, query) => {
        const small = indexOf(names.map((name, at) => place(`p${at}`, name, 'x', [at, at])))
        for (const { score } of small.search(query, { limit: 1000 })) {
          expect(score).toBeGreaterThan(0)
          expect(score).toBeLessThanOrEqual(1)
        }
      }),
      { seed: 20260301, numRuns: 300 },
    )
  })
})

describe('whatever the name', () => {
  const character = fc.constantFrom(...Array.from('天河直街白马花园重庆银行长乐绿女12ab'))
  const name = fc.string({ unit: character, minLength: 2, maxLength: 12 })

  it('it is found exactly by itself, and by its beginning, among others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 20 }), fc.nat(), (names, pick) => {
        const index = indexOf(names.map((each, at) => place(`p${at}`, each, 'x', [0, 0])))
        const wanted = names[pick % names.length] ?? ''
        const whole = index.search(wanted, { limit: maxResults })
        expect(whole.find((match) => match.matchedName === wanted)).toMatchObject({
          score: 1,
          matched: 'exact',
        })
        const begun = index.search(wanted.slice(0, -1), { limit: maxResults })
        expect(begun.map((match) => match.matchedName)).toContain(wanted)
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('removing it leaves an index that answers as if it had never been there', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), name, name, (names, gone, query) => {
        const places = names.map((each, at) => place(`p${at}`, each, 'x', [at, 0]))
        const index = indexOf(places)
        index.put(place('gone', gone, 'x', [0, 0]))
        index.remove('gone')
        expect(index.search(query)).toEqual(indexOf(places).search(query))
      }),
      { seed: 11, numRuns: 200 },
    )
  })
})
