import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventId } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Decision, Input } from '../../src/correlate/engine.ts'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { pairDecisions } from '../../src/pipeline/pair-decisions.ts'
import { planDecisionAppends } from '../../src/pipeline/plan-decision-appends.ts'
import { day, note } from './notes.ts'

const at = toInstant(day)
const positionOf = (index: number) => String(index).padStart(6, '0')

function decision(inputId: string, ordinal: number): Decision {
  return {
    id: eventId('test', 'ClusterClosed', `${inputId}/${ordinal}`),
    type: 'ClusterClosed',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: { clusterId: `${ordinal}`, reason: 'quiet' },
    meta: { source: 'engine', actor: 'engine', causationId: inputId, trigger: 'input' },
  }
}

function report(covers: string): Event {
  return {
    id: eventId('test', 'CorrelatorReported', covers),
    type: 'CorrelatorReported',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: { shard: 0, instance: 'one' },
    meta: { source: 'engine', actor: 'engine', covers },
  }
}

/** How many decisions each input of each slice has; what was not covered by a decision is reported. */
const slices = fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })

function story(counts: readonly (readonly number[])[], closes: boolean) {
  const expected: { input: Input; decisions: readonly string[] }[] = []
  const stream: RecordedEvent[] = []
  let covered: string | undefined
  const store = (event: Event) => {
    const { closes: said, ...meta } = event.meta
    const stored = { ...event, meta: closes && said ? { ...meta, closes: said } : meta }
    stream.push({ ...stored, stream: 'decisions-0', revision: stream.length, position: '' })
  }
  for (const slice of counts) {
    const decided = slice.map((count) => {
      const input = note('a', `${expected.length}`)
      const decisions = Array.from({ length: count }, (_, ordinal) => decision(input.id, ordinal))
      expected.push({ input, decisions: decisions.map(({ id }) => id) })
      return { inputId: input.id, decisions }
    })
    const appends = planDecisionAppends(decided, covered, { maxEvents: 3 })
    covered = decided.at(-1)?.inputId
    for (const event of appends.flat()) store(event)
    if (appends.length === 0 && covered !== undefined) store(report(covered))
  }
  // Without it the last group of an older release would not be known to be whole.
  if (!closes) store({ ...report('none'), meta: { source: 'engine', actor: 'engine' } })
  return { expected, stream }
}

test('E2: every input gets its decisions, however both come, and going on from any stand gives the rest', () => {
  fc.assert(
    fc.property(slices, fc.boolean(), fc.nat(60), fc.boolean(), (counts, closes, cut, inputsFirst) => {
      const { expected, stream } = story(counts, closes)
      const run = (
        from: ReturnType<ReturnType<typeof pairDecisions>['stand']>,
        maxPairs: number,
      ): { pairs: unknown[]; stand: typeof from } => {
        const pairing = pairDecisions(from)
        const pairs: unknown[] = []
        const takeAll = () => {
          while (pairs.length < maxPairs) {
            const pair = pairing.next()
            if (pair === undefined) return
            pairs.push({ input: pair.input, decisions: pair.decisions.map(({ id }) => id) })
          }
        }
        const inputs = () => {
          expected.forEach(({ input }, index) => {
            if (from !== undefined && positionOf(index) <= from.position) return
            pairing.addInput({ inputId: input.id, input, position: positionOf(index), sinceMs: 0 })
            takeAll()
          })
        }
        const decisions = () => {
          for (const recorded of stream.slice((from?.decisions ?? -1) + 1)) {
            pairing.addDecision(recorded)
            takeAll()
          }
        }
        if (inputsFirst) {
          inputs()
          decisions()
        } else {
          decisions()
          inputs()
        }
        return { pairs, stand: pairing.stand() }
      }
      const whole = run(undefined, Number.POSITIVE_INFINITY)
      expect(whole.pairs).toEqual(expected)
      const first = run(undefined, cut)
      if (first.stand === undefined) return
      const rest = run(first.stand, Number.POSITIVE_INFINITY)
      expect([...first.pairs, ...rest.pairs]).toEqual(expected)
    }),
    { seed: 20_260_301, numRuns: 300 },
  )
})

test('E2: a decision that nobody can read still says what is decided, and ends its group', () => {
  const { expected, stream } = story([[1, 0, 2], [1]], true)
  const pairing = pairDecisions(undefined)
  expected.forEach(({ input }, index) =>
    pairing.addInput({ inputId: input.id, input, position: positionOf(index), sinceMs: 0 }),
  )
  const spoilt = stream.map((recorded, at): RecordedEvent => {
    if (at === 0) return { ...recorded, type: 'FromAnotherVersion' }
    return at === 2 ? { ...recorded, data: { reason: 7 } } : recorded
  })
  for (const recorded of spoilt.slice(0, 3)) pairing.addDecision(recorded)
  const counts: number[] = []
  for (let pair = pairing.next(); pair !== undefined; pair = pairing.next())
    counts.push(pair.decisions.length)
  expect(counts).toEqual([0, 0, 1])
  expect(pairing.stand()).toMatchObject({ lastInput: expected[2]?.input.id, decisions: 2 })
  expect(pairing.waiting()).toBe(1)
})
