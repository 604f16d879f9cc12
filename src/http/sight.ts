import { openSilences } from '../../projections/feed-silence.ts'
import { feeds } from '../../projections/feed.ts'
import { knownAsOf, type Known } from '../../projections/moment.ts'
import type { Rows } from '../../projections/rows.ts'
import { activeRuleset } from '../../projections/ruleset.ts'
import type { AnswerAsOf } from '../../schemas/as-of.ts'
import { toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { createFeedMonitor } from '../intake/feed-monitor.ts'
import { dataAsOf } from './data-as-of.ts'
import { ProblemError } from './problem.ts'
import { readModelsFollow } from './record.ts'
import type { OnBehalf, Services } from './services.ts'

/** What an answer rests on: what is known now, or what was known at an earlier moment of recording. */
export interface Sight {
  /** As the caller sees them. */
  readonly rows: Rows
  /** Of the whole network: what is said of a cause is the same to everybody. */
  readonly wholeRows: Rows
  /** The moment that it is the sight of, in milliseconds since 1970. */
  readonly nowMs: number
  readonly ruleset: Ruleset | undefined
  readonly dataAsOf: Record<string, string>
  readonly staleFeeds: string[]
  /** Absent where it is what is known now. */
  readonly asOf?: AnswerAsOf
}

export function sightNow(services: OnBehalf): Sight {
  return {
    rows: services.rows,
    wholeRows: services.wholeRows,
    nowMs: services.clock(),
    ruleset: services.correlator.ruleset(),
    dataAsOf: dataAsOf(services),
    staleFeeds: [...services.feeds.stale()],
  }
}

/**
 * What was known at a moment, an `instant`; left out, what is known now. Throws the problem of a moment that is yet to
 * come, and of one before anything was recorded.
 */
export async function sightAsOf(services: OnBehalf, asOf: string | undefined): Promise<Sight> {
  if (asOf === undefined) return sightNow(services)
  if (toMs(asOf) > services.clock()) {
    throw badMoment('asOf', `lies in the future: nobody knows yet what is known at ${asOf}`)
  }
  let known = knownAsOf(services.rows, asOf)
  if (known.kind === 'nothing' || known.isNewest) {
    // The log may hold more of that moment than the read models show yet.
    await readModelsFollow(services)
    known = knownAsOf(services.rows, asOf)
  }
  if (known.kind === 'nothing') throw nothingKnown(asOf, known)
  const { rows, recordedAt, backfilled } = known
  const whole = services.ground === undefined ? known : knownAsOf(services.wholeRows, asOf)
  return {
    rows,
    wholeRows: whole.kind === 'known' ? whole.rows : rows,
    nowMs: toMs(asOf),
    ruleset: activeRuleset(rows)?.ruleset,
    ...currencyThen(services, rows, toMs(asOf)),
    asOf: { at: asOf, recordedAt, ...(backfilled && { backfilled }) },
  }
}

/** The moment of the world that was asked for. Throws the problem of one that nobody can know of in this sight. */
export function worldMoment({ nowMs, asOf }: Sight, at: string | undefined): string | undefined {
  if (at === undefined || toMs(at) <= nowMs) return at
  throw badMoment(
    'at',
    asOf === undefined
      ? `lies in the future: nobody knows yet how things stand at ${at}`
      : `lies after ${asOf.at}, and as of that moment nobody knew how things would stand later`,
  )
}

function badMoment(name: 'asOf' | 'at', detail: string): ProblemError {
  return new ProblemError(400, 'The query is not as it should be.', {
    errors: [{ in: 'query', pointer: `/${name}`, detail }],
  })
}

function nothingKnown(asOf: string, { firstRecordedAt }: Known & { kind: 'nothing' }): ProblemError {
  return firstRecordedAt === undefined
    ? new ProblemError(404, `Nothing was known at ${asOf}: nothing has been recorded yet.`)
    : new ProblemError(
        404,
        `Nothing was known at ${asOf}: the first event was recorded at ${firstRecordedAt}.`,
        {
          more: { firstRecordedAt },
        },
      )
}

/**
 * How current the picture was, by the events that had come: which sources were recorded as silent, and of which what they
 * sent was late, by the settings of today.
 */
function currencyThen(
  { config }: Services,
  rows: Rows,
  nowMs: number,
): Pick<Sight, 'dataAsOf' | 'staleFeeds'> {
  const monitor = createFeedMonitor(config.feeds, () => nowMs)
  for (const { source, newestAt, recordedAt } of feeds(rows)) {
    monitor.heard(source, toMs(newestAt), toMs(recordedAt))
  }
  const states = monitor.states()
  const silent = new Set(openSilences(rows).map(({ source }) => source))
  return {
    dataAsOf: Object.fromEntries(
      states.flatMap(({ source, dataAsOf: at }) => (at === undefined ? [] : [[source, at]])),
    ),
    staleFeeds: states.flatMap(({ source, reason }) =>
      reason === 'lagging' || silent.has(source) ? [source] : [],
    ),
  }
}
