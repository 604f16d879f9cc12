import { activeAlarms, alarmById } from '../../projections/alarm-queries.ts'
import type { AnswerSnapshot } from '../../schemas/answer-snapshot.ts'
import type { AlarmSnapshot } from '../../schemas/command-alarm.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { newEvent } from '../domain/new-event.ts'
import { snapshotDifference, type SnapshotFact } from '../intake/alarm-snapshot.ts'
import { ProblemError } from './problem.ts'
import { refuseFuture } from './record.ts'
import type { OnBehalf, Services } from './services.ts'
import { writeInBatches } from './write-in-batches.ts'

/** How long the read models may take to follow before a list is compared with them. */
const catchUpMs = 10_000
/** Where no ruleset says how long an alarm stays believable. */
const defaultConfirmMs = 6 * 3_600_000

/** Compares a list with what is known of its source and stores the difference. One list of a source at a time. */
export function takeSnapshot(services: OnBehalf, snapshot: AlarmSnapshot): Promise<AnswerSnapshot> {
  return services.turns.take(`snapshot-${snapshot.source}`, async () => {
    await readModelsHold(services)
    const { source } = snapshot
    const { facts, counts } = snapshotDifference(
      snapshot,
      activeAlarms(services.rows, source),
      (alarmId) => alarmById(services.rows, source, alarmId),
      confirmMsOf(services),
    )
    const recordedAt = toInstant(services.clock())
    const events = facts.map((said) =>
      eventOfFact(said, snapshot, { actor: services.caller.actor, recordedAt }),
    )
    for (const event of events) refuseFuture(event, services)
    await writeInBatches(services, events)
    services.feeds.heard(source, toMs(snapshot.takenAt))
    return counts
  })
}

/** What is known must hold everything that was sent before the list. */
export async function readModelsHold({ log, projector }: Services): Promise<void> {
  const head = await log.head()
  if (head === undefined || (await projector.reached(head, catchUpMs))) return
  throw new ProblemError(503, 'The read models are behind; send the list again.', {
    headers: { 'retry-after': '5' },
  })
}

/** Four times within the span after which an alarm that nobody confirms is no longer believed. */
function confirmMsOf({ correlator }: Services): number {
  const stale = correlator.ruleset()?.times.staleAlarmMs
  return stale === undefined ? defaultConfirmMs : Math.floor(stale / 4)
}

function eventOfFact(
  { fact, occurredAt }: SnapshotFact,
  { source, takenAt }: AlarmSnapshot,
  { actor, recordedAt }: { actor: string; recordedAt: string },
): Event {
  return newEvent(fact.type, fact.data, {
    meta: { source, actor },
    occurredAt,
    recordedAt,
    // Of one list every alarm says one thing: the list sent again says nothing new.
    notification: `${fact.data.alarmId ?? ''} in the list of ${takenAt}`,
    subject: '',
  }) as Event
}
