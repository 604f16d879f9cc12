import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  exchangeStore,
  memoryExchangeTable,
  type DeadLetter,
  type ExchangeTable,
} from '../../src/exchange/exchange-store.ts'
import { lmdbExchangeTable } from '../../src/exchange/lmdb-exchange-table.ts'
import { signatureFault, signatureOf } from '../../src/exchange/signature.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'causeway-exchange-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const letter = (id: string): DeadLetter => ({
  id,
  orderId: 'WO-1',
  type: 'OrderOpened',
  body: '{}',
  reason: 'answered 422',
  attempts: 1,
  at: '2026-03-01T02:00:00.000Z',
})

describe.each([
  ['on disk', () => lmdbExchangeTable(folder)],
  ['in memory', () => memoryExchangeTable()],
] as const)('what an exchange must not forget, %s', (_where, open) => {
  let table: ExchangeTable
  beforeEach(() => (table = open()))
  afterEach(() => table.close())

  test('is kept for each system apart; a letter and the position behind it together', () => {
    const [one, other] = [exchangeStore(table, 'one', 'log'), exchangeStore(table, 'one-more', 'log')]
    one.moveTo('1')
    one.giveUp(letter('b'), '2')
    one.giveUp(letter('a'), '3')
    other.giveUp(letter('c'), '9')
    other.setCursor('next')
    expect(one.checkpoint()).toBe('3')
    expect(one.letters().map(({ id }) => id)).toEqual(['a', 'b'])
    one.keep({ ...letter('a'), attempts: 2 })
    expect(one.letter('a')?.attempts).toBe(2)
    one.remove('a')
    expect(one.letters()).toEqual([letter('b')])
    expect([one.cursor(), other.cursor()]).toEqual([undefined, 'next'])
    expect(other.letters()).toEqual([letter('c')])
  })

  test('a position of another log is none of this one’s', () => {
    exchangeStore(table, 'one', 'this log').moveTo('7')
    expect(exchangeStore(table, 'one', 'another log').checkpoint()).toBeUndefined()
  })
})

test('on disk it is there after a restart', async () => {
  const first = lmdbExchangeTable(folder)
  exchangeStore(first, 'one', 'log').giveUp(letter('a'), '5')
  await first.close()
  const second = lmdbExchangeTable(folder)
  const store = exchangeStore(second, 'one', 'log')
  expect([store.checkpoint(), store.letters()]).toEqual(['5', [letter('a')]])
  await second.close()
})

describe('a signature', () => {
  const secret = 'sixteen characters and more'
  const body = Buffer.from('{"id":"1"}')
  const judge = (more: object = {}, nowMs = 1_000_000) =>
    signatureFault(
      { timestamp: '1000', signature: signatureOf(secret, '1000', body), body, ...more },
      { secret, nowMs, maxSkewMs: 300_000 },
    )

  test('holds over time and body; what was changed, or is too old, is refused', () => {
    expect(judge()).toBeUndefined()
    expect(judge({ body: Buffer.from('{"id":"2"}') })).toContain('does not fit')
    expect(judge({ timestamp: '1001' })).toContain('does not fit')
    expect(judge({ signature: 'v1=00' })).toContain('does not fit')
    expect(judge({ signature: undefined })).toContain('needs the headers')
    expect(judge({ timestamp: 'now' })).toContain('seconds since 1970')
    expect(judge({}, 1_300_001)).toContain('look at both clocks')
  })

  test('is what any other product computes', () => {
    // printf '1.x' | openssl dgst -sha256 -hmac Jefe
    expect(signatureOf('Jefe', '1', 'x')).toBe(
      'v1=2f7ccbd0f043456ad29514b2d24a8aa345ec6673a5db1b44e91c8ac99d1841e3',
    )
  })
})
