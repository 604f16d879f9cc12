import { decisionId } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Decision } from '../../src/correlate/engine.ts'
import type { DecidingEngine } from '../../src/pipeline/deciding-engine.ts'

export interface CountingEngine extends DecidingEngine {
  /** Everything that it has taken in, as one number: two engines that agree on it have folded the same. */
  digest(): number
}

/**
 * A small deterministic engine whose every decision depends on everything before. A note gives as many decisions as its
 * text says (`2`), at once; `settleMs` of log time after a note one more falls due.
 */
export function countingEngine({ settleMs = 2_000, version = '1' } = {}): CountingEngine {
  let timeMs = 0
  let digest = 7
  let deadlines: { dueMs: number; about: string }[] = []
  const mix = (text: string) => {
    for (const char of text) digest = (digest * 31 + char.charCodeAt(0)) % 1_000_003
  }
  /** Moves time, and gives what fell due by then. */
  const passTime = (input: Event): readonly string[] => {
    timeMs = Math.max(timeMs, toMs(input.recordedAt))
    const due = deadlines.filter(({ dueMs }) => dueMs <= timeMs)
    deadlines = deadlines.filter(({ dueMs }) => dueMs > timeMs)
    if (input.type === 'NoteAdded') deadlines.push({ dueMs: timeMs + settleMs, about: input.id })
    return due.map(({ about }) => `settle:${about}`)
  }

  return {
    decide(input) {
      const triggers = passTime(input).concat(...Array.from({ length: wanted(input) }, () => 'input'))
      mix(input.id)
      return triggers.map((trigger, ordinal) => {
        const id = decisionId(input.id, 'count', ordinal, version)
        const decision = clusterClosed(id, input, timeMs, `digest-${digest}`, trigger)
        mix(id)
        return decision
      })
    },
    fold(input, decisions) {
      passTime(input)
      mix(input.id)
      for (const { id } of decisions) mix(id)
    },
    drop: (deadline) => {
      deadlines = deadlines.filter(({ about }) => `settle:${about}` !== deadline)
    },
    assess: () => {
      throw new Error('the counting engine assesses nothing')
    },
    nextDeadlineMs: () => deadlines[0]?.dueMs,
    sizes: () => ({ deadlines: deadlines.length }),
    ruleset: () => undefined,
    digest: () => digest,
  }
}

function wanted(input: Event): number {
  return input.type === 'NoteAdded' ? Number(input.data.text.split(' ')[0]) : 0
}

function clusterClosed(
  id: string,
  input: Event,
  timeMs: number,
  clusterId: string,
  trigger: string,
): Decision {
  const at = toInstant(timeMs)
  return {
    id,
    type: 'ClusterClosed',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: { clusterId, reason: 'quiet' },
    meta: { source: 'engine', actor: 'engine', causationId: input.id, trigger },
  }
}
