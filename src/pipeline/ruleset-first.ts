import type { Ruleset } from '../../schemas/ruleset.ts'
import { newEvent } from '../domain/new-event.ts'
import type { EventLog } from '../event-log/event-log.ts'
import type { Writer } from './writer.ts'

export interface FirstRules {
  readonly ruleset: Ruleset
  readonly engineVersion: string
}

/**
 * Puts rules in force before anything else enters a log: without rules nothing can be decided. Of a log that holds rules
 * nothing is changed. `recordedAt` moves the engine's time, so it must not lie behind what is written next.
 */
export async function activateFirstRules(
  log: EventLog,
  writer: Writer,
  { ruleset, engineVersion }: FirstRules,
  recordedAt: string,
): Promise<void> {
  if ((await log.revisionOf('rulesets')) !== 'no_stream') return
  const activated = newEvent(
    'RulesetActivated',
    { ruleset, engineVersion },
    {
      subject: 'rulesets',
      notification: 'first',
      occurredAt: recordedAt,
      recordedAt,
      meta: { source: 'causeway', actor: 'causeway' },
    },
  )
  await writer.write([activated])
}

/** A writer for logs that may be empty: rules come first, recorded when the first event was (which for history is long ago). */
export function rulesetFirst(log: EventLog, writer: Writer, rules: FirstRules): Writer {
  let activated: Promise<void> | undefined
  return {
    onStored: (callback) => writer.onStored(callback),
    async write(events) {
      const [first] = events
      if (first !== undefined) {
        const earliest = events.reduce(
          (min, { recordedAt }) => (recordedAt < min ? recordedAt : min),
          first.recordedAt,
        )
        activated ??= activateFirstRules(log, writer, rules, earliest)
        await activated
      }
      return writer.write(events)
    },
  }
}
