import type { FastifyRequest } from 'fastify'
import type { AccessType, DataOf } from '../../schemas/event.ts'
import { accessEvent } from '../domain/access-event.ts'
import { ProblemError } from './problem.ts'
import type { Services } from './services.ts'

/** What recording needs of the services. */
type Recording = Pick<Services, 'writer' | 'clock' | 'randomId' | 'metrics' | 'refusals'>

/** The route of a request as it is declared: the address as it was sent may hold anything. */
export function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'none'
}

/** Seconds after which to ask again for what could not be recorded. */
const retryAfterSeconds = '5'

/**
 * Records who did or saw what, durably, before it is done or shown. Throws a 503 where it cannot be recorded: then it must not
 * be done or shown.
 */
export async function recordAccess<T extends AccessType>(
  services: Recording,
  actor: string,
  type: T,
  data: DataOf<T>,
): Promise<void> {
  try {
    await write(services, actor, type, data)
  } catch (error) {
    services.metrics.unrecordedAccess.inc({ why: 'refused' })
    const why = error instanceof Error ? error.message : String(error)
    throw new ProblemError(
      503,
      `This must be in the audit log first, and cannot be written there now: ${why}`,
      {
        headers: { 'retry-after': retryAfterSeconds },
      },
    )
  }
}

/** What is recorded where it can be, since refusing it would help nobody. */
type NotedType = Exclude<AccessType, 'PersonalDataSeen'>

/**
 * Records who did what, where it can be recorded. Never rejects: what the log does not take is counted in the metrics. Of refusals of
 * one kind so many a minute are recorded (`maxRefusalsRecordedAMinute`); the rest is counted in the next one that is.
 */
export async function noteAccess<T extends NotedType>(
  services: Recording,
  actor: string,
  type: T,
  data: DataOf<T>,
): Promise<void> {
  const { refusals, metrics } = services
  const kind = refusalKind(type, data)
  const budget = kind === undefined ? undefined : refusals.take(kind)
  if (budget?.kind === 'count') return metrics.unrecordedAccess.inc({ why: 'too-many' })
  const unrecordedBefore = budget?.unrecordedBefore ?? 0
  try {
    await write(services, actor, type, unrecordedBefore === 0 ? data : { ...data, unrecordedBefore })
  } catch {
    if (kind !== undefined) refusals.giveBack(kind, unrecordedBefore + 1)
    metrics.unrecordedAccess.inc({ why: 'log' })
  }
}

async function write<T extends AccessType>(
  { writer, clock, randomId }: Recording,
  actor: string,
  type: T,
  data: DataOf<T>,
): Promise<void> {
  await writer.write([accessEvent({ type, data, actor, nowMs: clock(), id: randomId() })])
}

function refusalKind(type: NotedType, data: object): string | undefined {
  return 'reason' in data ? `${type} ${String(data.reason)}` : undefined
}
