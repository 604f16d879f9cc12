import { expect } from 'vitest'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'

/**
 * Every event of a stream in its place, and each call from its first event to its last. The events say in `callFirst` at
 * which revision their call began, and in `callSize` how many it had.
 */
export function expectWholeCalls(stream: string, events: readonly RecordedEvent[]): void {
  let next = 0
  while (next < events.length) {
    const { callFirst, callSize } = events[next]?.data ?? {}
    expect(callFirst, stream).toBe(next)
    const call = events.slice(next, next + Number(callSize))
    expect(call.map(({ revision }) => revision)).toEqual(
      Array.from({ length: Number(callSize) }, (_, offset) => next + offset),
    )
    expect(call.every(({ data }) => data['callFirst'] === callFirst)).toBe(true)
    next += call.length
  }
}
