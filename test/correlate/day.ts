import { createEngine, type Decision, type Engine, type Input } from '../../src/correlate/engine.ts'
import { defaultRuleset } from '../../src/domain/default-ruleset.ts'
import type { EventType } from '../../schemas/event.ts'
import { eventData, schemaVersionOf } from '../../schemas/event.ts'
import { eventId } from '../../schemas/event-id.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** `10:05` or `10:05:30` of the day on which the stories are told, 1 March 2026 in Guangzhou. */
export function clock(time: string): number {
  return Date.parse(`2026-03-01T${time.length === 5 ? `${time}:00` : time}+08:00`)
}

let serial = 0

/** An input event, validated as the edge would; `happened` at one time of day and recorded at another. */
export function input<T extends Input['type'] & EventType>(
  type: T,
  recordedMs: number,
  data: object,
  {
    happenedMs = recordedMs,
    source = 'test',
    id,
  }: { happenedMs?: number; source?: string; id?: string } = {},
): Input {
  serial += 1
  return {
    id: eventId(source, type, id ?? `${serial}`),
    type,
    schemaVersion: schemaVersionOf(type),
    occurredAt: toInstant(happenedMs),
    recordedAt: toInstant(recordedMs),
    data: eventData[type].parse(data),
    meta: { source, actor: 'unverified' },
  } as Input
}

export function startOfDay(ruleset: Ruleset = defaultRuleset): Input {
  return input('RulesetActivated', clock('00:00'), { ruleset, engineVersion: '1' }, { id: ruleset.version })
}

/** A live engine and all that it has decided so far. */
export interface Day {
  readonly engine: Engine
  readonly inputs: Input[]
  readonly decisions: Decision[]
  feed(...inputs: Input[]): Decision[]
  /** Lets log time pass until nothing is due. */
  settle(untilMs: number): Decision[]
  /** The latest attribution of a complaint. */
  answer(complaintId: string): Extract<Decision, { type: 'CauseAttributed' }>['data']
}

export function newDay(ruleset?: Ruleset): Day {
  const engine = createEngine()
  const inputs: Input[] = []
  const decisions: Decision[] = []
  const day: Day = {
    engine,
    inputs,
    decisions,
    feed(...fed) {
      const taken = fed.flatMap((event) => {
        inputs.push(event)
        return engine.decide(event)
      })
      decisions.push(...taken)
      return taken
    },
    settle: (untilMs) => day.feed(input('ClockTicked', untilMs, {})),
    answer(complaintId) {
      const found = decisions.findLast(
        (event) => event.type === 'CauseAttributed' && event.data.complaintId === complaintId,
      )
      if (found?.type !== 'CauseAttributed') throw new Error(`${complaintId} was never attributed`)
      return found.data
    },
  }
  day.feed(startOfDay(ruleset))
  return day
}
