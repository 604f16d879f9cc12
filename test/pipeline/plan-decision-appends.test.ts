import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decision } from '../../src/correlate/engine.ts'
import { jsonBytes } from '../../src/event-log/json-bytes.ts'
import { planDecisionAppends } from '../../src/pipeline/plan-decision-appends.ts'
import { day } from './notes.ts'
import { toInstant } from '../../schemas/instant.ts'

function decision(inputId: string, ordinal: number, reason: string): Decision {
  const at = toInstant(day)
  return {
    id: `${inputId}/${ordinal}`,
    type: 'OutageEnded',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: { outageId: reason, reason: 'restored', endedAt: at },
    meta: { source: 'engine', actor: 'engine', causationId: inputId },
  } as Decision
}

const slice = fc.array(fc.array(fc.nat(900), { maxLength: 6 }), { maxLength: 12 }).map((inputs) =>
  inputs.map((lengths, input) => ({
    inputId: `input-${input}`,
    decisions: lengths.map((length, ordinal) => decision(`input-${input}`, ordinal, '断'.repeat(length / 3))),
  })),
)

test('no append holds more than the log takes, nothing is lost, and only whole inputs are said to be covered', () => {
  fc.assert(
    fc.property(slice, fc.integer({ min: 1, max: 9 }), (decided, maxEvents) => {
      const maxBytes = 1_600
      const appends = planDecisionAppends(decided, 'before', { maxEvents, maxBytes })
      const all = decided.flatMap(({ decisions }) => decisions)
      expect(appends.flat().map(({ id }) => id)).toEqual(all.map(({ id }) => id))
      let done = 0
      for (const append of appends) {
        expect(append.length).toBeLessThanOrEqual(maxEvents)
        expect(append.reduce((sum, event) => sum + jsonBytes(event), 0)).toBeLessThanOrEqual(maxBytes)
        done += append.length
        const covers = append[0]?.meta.covers
        const uncovered = all.slice(done).map(({ meta }) => meta.causationId)
        expect(uncovered).not.toContain(covers)
      }
    }),
    { seed: 20_260_301, numRuns: 200 },
  )
})
