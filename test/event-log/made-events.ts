import type { Envelope } from '../../schemas/envelope.ts'

/** A made-up event; the same number gives the same event. */
export function eventOf(number: number, data: Record<string, unknown> = {}): Envelope {
  return {
    id: `00000000-0000-5000-8000-${number.toString(16).padStart(12, '0')}`,
    type: 'AlarmRaised',
    schemaVersion: 1,
    occurredAt: '2026-03-01T02:05:00.000Z',
    recordedAt: '2026-03-01T02:05:01.000Z',
    data: { number, ...data },
    meta: { source: 'nms-south', actor: 'nms' },
  }
}

/** Events numbered from `first` up to and with `last`. */
export function eventsOf(first: number, last: number): Envelope[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => eventOf(first + index))
}

/** All that a reader of batches gives. */
export async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}
