import { describe, expect, test } from 'vitest'
import { decodeBytes, type Encoding } from '../../src/ingest/decode-bytes.ts'

/** 白马花园,天河直街 in GB18030. */
const gb18030 = Uint8Array.of(
  0xb0,
  0xd7,
  0xc2,
  0xed,
  0xbb,
  0xa8,
  0xd4,
  0xb0,
  0x2c,
  0xcc,
  0xec,
  0xba,
  0xd3,
  0xd6,
  0xb1,
  0xbd,
  0xd6,
)
const words = '白马花园,天河直街'

async function decoded(bytes: Uint8Array, encoding: Encoding, size = 1): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  let text = ''
  for await (const part of decodeBytes(chunks(), encoding)) text += part
  return text
}

describe('encodings', () => {
  test('are read through any cut of the bytes', async () => {
    expect(await decoded(Buffer.from(words), 'utf-8')).toBe(words)
    expect(await decoded(gb18030, 'gb18030')).toBe(words)
    expect(await decoded(new Uint8Array(), 'utf-8')).toBe('')
  })

  test('a byte order mark decides and is dropped', async () => {
    expect(await decoded(Buffer.from(`\uFEFF${words}`), 'gb18030')).toBe(words)
    expect(await decoded(Buffer.from(`\uFEFF${words}`, 'utf16le'), 'utf-8')).toBe(words)
    expect(await decoded(Uint8Array.of(0x84, 0x31, 0x95, 0x33, ...gb18030), 'utf-8')).toBe(words)
  })

  test('auto tells UTF-8 from GB18030', async () => {
    expect(await decoded(Buffer.from(words), 'auto', 3)).toBe(words)
    expect(await decoded(gb18030, 'auto', 3)).toBe(words)
  })

  test('bytes of another encoding are an error that names the line and the way out', async () => {
    const text = Buffer.concat([Buffer.from('name\nplain\n'), gb18030])
    await expect(decoded(text, 'utf-8', 64)).rejects.toThrow(/near line 3 .*--encoding gb18030/)
    await expect(decoded(text, 'utf-8', 1)).rejects.toThrow(/near line 3/)
    await expect(decoded(Uint8Array.of(0xff, 0x30, 0x41, 0x41), 'gb18030')).rejects.toThrow(
      '--encoding utf-8',
    )
    await expect(decoded(Buffer.from('天').subarray(0, 2), 'utf-8')).rejects.toThrow('is not utf-8')
  })
})
