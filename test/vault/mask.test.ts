import { expect, test } from 'vitest'
import { maskFields } from '../../src/vault/mask.ts'

test('lists show masked values (S1)', () => {
  expect(maskFields({ phone: '13800005678', name: '张三', text: 'my words', address: 'my street' })).toEqual({
    phone: '138****5678',
    name: '张**',
    text: '***',
    address: '***',
  })
  expect(maskFields({ phone: '1234567', name: ' Maria Silva ' })).toEqual({ phone: '****67', name: 'M**' })
  expect(maskFields({ phone: '10086', name: '' })).toEqual({ phone: '****', name: '**' })
})
