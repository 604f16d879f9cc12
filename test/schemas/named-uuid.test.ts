import fc from 'fast-check'
import { v5 } from 'uuid'
import { expect, test } from 'vitest'
import { namedUuid } from '../../schemas/named-uuid.ts'

const namespace = '5f1f6e3c-8a43-4f0e-9a57-3f2f7f0d6c11'
const uuidOf = namedUuid(namespace)

test('the example of RFC 9562, appendix A.4', () => {
  const dns = namedUuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
  expect(dns('www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2')
})

test('ids are those of the package uuid, whatever the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ unit: 'binary-ascii', maxLength: 200 }),
  )
  fc.assert(
    fc.property(text, (name) => uuidOf(name) === v5(name, namespace)),
    { seed: 20_261_124, numRuns: 500 },
  )
})

test('ids are those of the package uuid at every length around a block, and for long texts', () => {
  const lengths = [...Array.from({ length: 140 }, (_, at) => at), 4_000, 20_000, 4_001]
  for (const length of lengths) {
    for (const letter of ['x', '站']) {
      const name = letter.repeat(length)
      expect(uuidOf(name)).toBe(v5(name, namespace))
    }
  }
})
