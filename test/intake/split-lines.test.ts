import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitLines, type Line } from '../../src/intake/split-lines.ts'

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function linesOf(text: string, sizes: readonly number[], maxLineBytes: number): Promise<Line[]> {
  const lines: Line[] = []
  for await (const batch of splitLines(inChunks(Buffer.from(text), sizes), maxLineBytes)) lines.push(...batch)
  return lines
}

describe('H1: lines of a stream', () => {
  test('are the same however the bytes were cut, with their numbers', async () => {
    const lineText = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', ''))
    await fc.assert(
      fc.asyncProperty(
        fc.array(lineText, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        async (texts, sizes) => {
          const got = await linesOf(texts.join('\n'), sizes, 1_000)
          const expected = texts
            .map((text, at) => ({ text, number: at + 1 }))
            .filter(({ text }) => /[^ \r\t]/.test(text))
          expect(
            got.map((line) => ({
              text: line.kind === 'line' ? line.bytes.toString() : '',
              number: line.number,
            })),
          ).toEqual(expected)
        },
      ),
      { seed: 1, numRuns: 200 },
    )
  })

  test('too long a line is told with its number and length, and the next one is read', async () => {
    const lines = await linesOf(`a\n${'x'.repeat(50)}\nb`, [7], 10)
    expect(lines).toMatchObject([
      { kind: 'line', number: 1 },
      { kind: 'too-long', number: 2, byteLength: 50 },
      { kind: 'line', number: 3 },
    ])
  })
})
