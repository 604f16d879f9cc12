import { concatMap, exhaustMap, Subject, timer, type Observable } from 'rxjs'
import { eventId } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Fence } from './fenced-appends.ts'
import type { Decided } from './plan-decision-appends.ts'

/** When those who follow are told that inputs are decided of which no decision came. */
export interface ReportLimits {
  readonly reportMs: number
  /** At once, when there are so many. */
  readonly reportInputs: number
}

export interface CoverageOptions {
  readonly fence: Fence
  readonly shard: number
  readonly instance: string
  readonly nowMs: () => number
  /** Left out: nobody follows, and nothing is reported. */
  readonly limits?: ReportLimits | undefined
}

/** Writes decisions, and tells others how far they go. */
export interface Coverage {
  /** Makes the decisions on a slice of inputs durable. */
  append(slice: readonly Decided[], appends: readonly (readonly Event[])[]): Promise<void>
  /** Writes reports when they are due. Fails as an append does. */
  readonly reports: Observable<void>
  /** Whether nobody else has taken over: asked of the log. */
  holds(): Promise<boolean>
  /** Says that this correlator ends in good order, if it can. */
  farewell(): Promise<void>
}

/**
 * Most inputs cause no decision, and a log in which nothing follows them does not tell whether they are decided or whoever
 * decides has died. So a report follows, which grows the log by one event for many inputs, and not at all in silence.
 * Appends and reports take turns: a report must never say less than what was appended before it.
 */
export function createCoverage({ fence, shard, instance, nowMs, limits }: CoverageOptions): Coverage {
  const due = new Subject<void>()
  let turn: Promise<unknown> = Promise.resolve()
  /** The last input decided, where nothing in the log says so yet; and how many there are. */
  let untold: { readonly covers: string; readonly inputs: number } | undefined

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }
  const write = async (stops: boolean): Promise<void> => {
    const covers = untold?.covers
    await fence.append([report({ shard, instance, covers, stops, at: toInstant(nowMs()) })])
    untold = undefined
  }
  const reportUntold = () => inTurn(async () => (untold === undefined ? undefined : write(false)))

  return {
    append: (slice, appends) =>
      inTurn(async () => {
        for (const decisions of appends) await fence.append(decisions)
        const last = slice.at(-1)
        if (appends.length > 0) untold = undefined
        if (limits === undefined || appends.length > 0 || last === undefined) return
        untold = { covers: last.inputId, inputs: (untold?.inputs ?? 0) + slice.length }
        if (untold.inputs >= limits.reportInputs) await write(false)
        else due.next()
      }),
    // The first input untold sets the time, and those after it do not put it off.
    reports: due.pipe(exhaustMap(() => timer(limits?.reportMs ?? 0).pipe(concatMap(reportUntold)))),
    holds: () => inTurn(() => fence.holds()),
    farewell: async () => {
      // Whoever does not hear it takes over a little later.
      if (limits !== undefined) await inTurn(() => write(true)).catch(() => {})
    },
  }
}

interface Report {
  readonly shard: number
  readonly instance: string
  readonly covers: string | undefined
  readonly stops: boolean
  readonly at: string
}

function report({ shard, instance, covers, stops, at }: Report): Event {
  return {
    id: eventId('engine', 'CorrelatorReported', `${instance} ${stops ? 'stops' : covers}`),
    type: 'CorrelatorReported',
    schemaVersion: 1,
    occurredAt: at,
    recordedAt: at,
    data: { shard, instance, ...(stops ? { stops } : {}) },
    meta: { source: 'engine', actor: 'engine', ...(covers === undefined ? {} : { covers }) },
  }
}
