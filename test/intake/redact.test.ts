import { describe, expect, test } from 'vitest'
import { maskNumbers, redactLine } from '../../src/intake/redact.ts'

describe('S1: what is kept of refused lines', () => {
  test('names, numbers and words are masked, times and coordinates stay legible', () => {
    const line = JSON.stringify({
      type: 'ComplaintReceived',
      occurredAt: '2026-03-01T02:05:00.000Z',
      data: {
        complaintId: 'T-1',
        text: '我是张三,没有信号',
        customer: { phone: '13812345678', name: '张三' },
        place: { point: [113.3271234, 23.1412345] },
        servedBy: 13_912_345_678,
      },
    })
    const { text, masked } = redactLine(line)
    expect(masked).toBe(true)
    for (const secret of ['张三', '13812345678', '没有信号', '13912345678'])
      expect(text).not.toContain(secret)
    for (const fact of ['T-1', '2026-03-01T02:05:00.000Z', '113.3271234', '23.1412345'])
      expect(text).toContain(fact)
  })

  test('of a line that is no JSON no words of any script but ASCII stay', () => {
    expect(redactLine('{"text":"我是张三 138 1234 5678').text).toBe('{"text":"… …')
  })

  test('a line without anything personal stays as it is, to be sent again', () => {
    const line = '{"type":"AlarmRaised","data":{"alarmId":"4711","elementId":"S-1"}}'
    expect(redactLine(line)).toEqual({ text: line, masked: false })
  })

  test('numbers are found with spaces, dashes and country code', () => {
    expect(maskNumbers('call +86 138-1234-5678 or 020 8765 4321 by 10:30')).toBe('call … or … by 10:30')
  })
})
