import { expect, test } from 'vitest'
import { customerRefOf, normaliseCustomer } from '../../src/vault/customer-ref.ts'

const key = Buffer.alloc(32, 7)

test('every spelling of one number is one customer', () => {
  const spellings = [
    '13800001234',
    '138 0000 1234',
    '138-0000-1234',
    '+86 13800001234',
    '008613800001234',
    '８６１３８００００１２３４',
    '(+86) 138.0000.1234',
  ]
  expect(new Set(spellings.map((raw) => customerRefOf(key, raw))).size).toBe(1)
  expect(normaliseCustomer('adsl-0201')).toBe('ADSL0201')
  expect(normaliseCustomer('0034 912 345 678')).toBe('+34912345678')
  expect(normaliseCustomer('0755-1234567')).toBe('07551234567')
})

test('a reference is short, tells nothing without the key, and differs by customer and key', () => {
  const ref = customerRefOf(key, '13800001234')
  expect(ref).toMatch(/^[\w-]{22}$/)
  expect(customerRefOf(key, '13800001235')).not.toBe(ref)
  expect(customerRefOf(Buffer.alloc(32, 8), '13800001234')).not.toBe(ref)
})
