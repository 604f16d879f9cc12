import { expect, test } from 'vitest'
import { instantInput } from '../../schemas/instant.ts'

test('what is written as it is stored is stored as it is written, and what no calendar holds is not', () => {
  for (let day = 0; day <= 32; day += 1) {
    for (const hour of ['00', '23', '24', '25']) {
      for (const seconds of ['00.000', '59.999', '60.000']) {
        const text = `2026-02-${String(day).padStart(2, '0')}T${hour}:59:${seconds}Z`
        const ms = Date.parse(text)
        const read = instantInput.safeParse(text)
        expect(read.success).toBe(!Number.isNaN(ms))
        if (read.success) expect(read.data).toBe(new Date(ms).toISOString())
      }
    }
  }
})
