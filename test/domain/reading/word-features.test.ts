import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxTextChars } from '../../../src/domain/reading/find-terms.ts'
import { readScope } from '../../../src/domain/reading/read-scope.ts'
import { readService } from '../../../src/domain/reading/read-service.ts'
import { readSymptom } from '../../../src/domain/reading/read-symptom.ts'
import { readPattern, readSetting, readStillOut } from '../../../src/domain/reading/read-trouble.ts'
import { vocabulary } from '../../../src/domain/reading/vocabulary.ts'
import { maxWordFeatures, wordFeatures } from '../../../src/domain/reading/word-features.ts'

const words = vocabulary.flatMap(({ zh, en }) => `${zh}|${en}`.split('|')).map((word) => word.trim())

describe('word features', () => {
  it('are the same for the same trouble in either language', () => {
    expect(wordFeatures('地下车库没信号')).toEqual(wordFeatures('no bars in the basement'))
    expect(wordFeatures('宽带很慢')).toEqual(wordFeatures('the broadband is slow'))
  })

  it('leave out words that mean nothing', () => {
    expect(wordFeatures('不好意思，是不是断网了')).toEqual(wordFeatures('断网了'))
  })

  it('hold no number, address or name (S1)', () => {
    const text =
      'I am John Smith, john.smith@example.org, +86 138 0013 8000, ID 440106199001011234, no signal at 12 High Street'
    expect(wordFeatures(text)).toEqual(
      ['no-signal', 'none', 'signal'].filter((id) => wordFeatures(text).includes(id)),
    )
  })

  it('are ids of the vocabulary whatever the text: bounded, sorted, once each (S1)', () => {
    const known = new Set([
      ...vocabulary.flatMap(({ id, state }) => [id, ...(state ? [state] : [])]),
      'good',
      'none',
      'bad',
    ])
    const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' })), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(text, (parts) => {
        const features = wordFeatures(parts.join(' '))
        expect(features.filter((feature) => !known.has(feature))).toEqual([])
        expect(features.length).toBeLessThanOrEqual(maxWordFeatures)
        expect(features).toEqual([...new Set(features)].sort())
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})

describe('the vocabulary', () => {
  it('has ids that fit a stored event and name no digit', () => {
    for (const { id } of vocabulary) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  it('is found word by word: no word is hidden by the way texts are tidied', () => {
    for (const { id, zh, en, role } of vocabulary) {
      if (role !== undefined) continue
      for (const word of `${zh}|${en}`.split('|').map((each) => each.trim().replaceAll('*', ''))) {
        if (word !== '') expect([word, wordFeatures(word)]).toEqual([word, expect.arrayContaining([id])])
      }
    }
  })
})

describe('hostile text', () => {
  it.each([
    ['control characters', '\u0000\u001b[2J'],
    ['lone surrogates', '\ud800没信号\udfff'],
    ['regular expression signs', '(.*)+[没信号$^\\'],
    ['one word a million times', 'not '.repeat(250_000)],
    ['one character a million times', '没'.repeat(1_000_000)],
    ['no spaces', 'a'.repeat(1_000_000)],
    ['many clauses', ',.;!'.repeat(250_000)],
    ['letters that expand', '\ufdfa'.repeat(maxTextChars)],
  ])('%s: read at once', (_what, text) => {
    readSymptom(text)
    readService(text)
    readScope(text)
    readPattern(text)
    readSetting(text)
    readStillOut(text)
    expect(wordFeatures(text).length).toBeLessThanOrEqual(maxWordFeatures)
  })
})
