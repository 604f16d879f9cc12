import type { Decision, Fact } from '../domain/decider.ts'
import { newEvent } from '../domain/new-event.ts'
import { eventData, type DataOf, type Event, type EventOf, type EventType } from '../../schemas/event.ts'
import type { AnswerRecorded } from '../../schemas/answer-recorded.ts'
import type { CommandStamp } from '../../schemas/command-stamp.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { readable } from '../../schemas/read-stored.ts'
import { streamOf } from '../../schemas/stream.ts'
import type { EventLog } from '../event-log/event-log.ts'
import { redactLine } from '../intake/redact.ts'
import { withoutNumbers } from '../intake/without-numbers.ts'
import { timeFaults } from '../intake/time-faults.ts'
import { faultsOf, ProblemError } from './problem.ts'
import type { OnBehalf, Services } from './services.ts'

/** The source of what is posted by hand or by a system that names none. */
const defaultSource = 'api'
/** How long a writer waits for the read models to show what it wrote, before it is answered all the same. */
const readYourWritesMs = 500

type Outcome = AnswerRecorded['outcome']

/** Makes a validated event of what the caller posted, or throws the problem that names the fields at fault. */
export function eventOf<T extends EventType>(
  services: OnBehalf,
  type: T,
  data: unknown,
  { stamp, subject }: { stamp: CommandStamp; subject: string },
): EventOf<T> {
  const parsed = eventData[type].safeParse(data)
  if (!parsed.success) {
    throw new ProblemError(400, 'The body is not as it should be.', {
      errors: faultsOf(parsed.error, 'body'),
    })
  }
  const nowMs = services.clock()
  const event = newEvent(type, withoutNumbers(type, parsed.data as DataOf<T>), {
    meta: { source: stamp.source ?? defaultSource, actor: services.caller.actor },
    occurredAt: stamp.occurredAt ?? toInstant(nowMs),
    recordedAt: toInstant(nowMs),
    notification: stamp.notificationId,
    subject,
  })
  refuseFuture(event as Event, services)
  return event
}

/** Refuses what is said to have happened after now. */
export function refuseFuture(event: Event, { clock, config }: Services): void {
  const faults = timeFaults(event, clock(), config.limits.maxFutureMs)
  if (faults.length === 0) return
  throw new ProblemError(400, 'It is said to have happened in the future.', {
    errors: faults.map(({ pointer, detail }) => ({
      in: 'body',
      pointer: pointer.replace(/^\/data/, ''),
      detail,
    })),
  })
}

/** Whether a writer waits a little for the read models to show what it wrote. */
export type ReadModels = 'wait for read models' | 'leave read models behind'

/** Stores one event; throws the problem of one that reaches beyond what is the caller's. */
export async function record(
  services: OnBehalf,
  event: Event,
  models: ReadModels = 'wait for read models',
): Promise<AnswerRecorded> {
  const [written] = await services.writer.write([event])
  if (written === undefined) throw new Error('the writer told no outcome')
  if (models === 'wait for read models' && written.outcome === 'stored') {
    await services.projector.reached(written.position, readYourWritesMs)
  }
  return settle(services, event, written.outcome)
}

/**
 * Stores one event where the state of its stream allows it. Whoever acts on the same stream waits for their turn: of two
 * who act at once the second is judged on what the first did.
 */
export async function recordJudged(
  services: OnBehalf,
  event: Event,
  judge: (history: readonly Event[]) => Decision<Fact>,
  occurredAtStated = true,
): Promise<AnswerRecorded> {
  // Before anything is told of what it is about.
  await services.mustReach(event)
  const stream = streamOf(event)
  return services.turns.take(stream, async () => {
    const history = await historyOf(services.log, stream)
    const known = history.find(({ id }) => id === event.id)
    if (known === undefined) {
      if (isNothingToDo(judge(history))) return settle(services, event, 'nothing-to-do')
      return record(services, event)
    }
    // Sent again without a time of its own it is the same event, though "now" is later now.
    return record(services, occurredAtStated ? event : ({ ...event, occurredAt: known.occurredAt } as Event))
  })
}

/** Lets what was accepted pass, and throws the problem of what was not. */
function isNothingToDo(decision: Decision<Fact>): boolean {
  switch (decision.kind) {
    case 'accepted':
      return decision.facts.length === 0
    case 'unknown':
      throw new ProblemError(404, decision.detail)
    case 'conflict':
      throw new ProblemError(409, decision.detail)
    case 'changed':
      throw new ProblemError(409, 'The answer has changed meanwhile; look at the new one first.', {
        more: { attributionId: decision.attributionId },
      })
  }
}

function settle(services: Services, event: Event, outcome: Outcome): AnswerRecorded {
  const { id: eventId, type, occurredAt } = event
  services.feeds.heard(event.meta.source, toMs(occurredAt))
  if (outcome !== 'differs') return { eventId, type, outcome, occurredAt }
  return { eventId, type, outcome, occurredAt, refusedId: keepDiffering(services, event) }
}

/** Keeps an event whose id is known with other content, and says under which id. */
export function keepDiffering(services: Services, event: Event, line?: number): string {
  const { text, masked } = redactLine(JSON.stringify(event))
  const { actor, source } = event.meta
  const entry = services.refused.keep({
    refusedAt: event.recordedAt,
    actor,
    source,
    ...(line === undefined ? {} : { line }),
    reason: `differs: ${event.type} ${event.id} is known with other content`,
    text,
    masked,
  })
  return entry.id
}

/** Waits a little for the read models to hold what the log holds now. */
export async function readModelsFollow({ log, projector }: Services): Promise<void> {
  const head = await log.head()
  if (head !== undefined) await projector.reached(head, readYourWritesMs)
}

/** A stream from its beginning, without what cannot be read; what people act on has short ones. */
export async function historyOf(log: EventLog, stream: string): Promise<Event[]> {
  const events: Event[] = []
  for await (const batch of log.readStream(stream)) events.push(...readable(batch))
  return events
}
