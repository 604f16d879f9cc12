import type { CallbackMade } from '../schemas/act.ts'
import { toInstant, toMs } from '../schemas/instant.ts'
import type { Ruleset } from '../schemas/ruleset.ts'
import { permittedFromMs, type CallingDays } from '../src/domain/permitted-hours.ts'
import type { CallbackAct, ReplyAct } from './complaint-row.ts'
import type { CallbackReason } from './expectation.ts'
import type { Box } from './quadkey.ts'

/** `waiting`: its outage goes on. `halted`: somebody who was called back is still out. `due`: it is over, and held for the dwell. */
export type CallbackState = 'due' | 'waiting' | 'halted'

/** One customer to be called back about one outage. */
export interface Callback {
  /** The complaint on which the call is recorded: of several the first. */
  readonly complaintId: string
  readonly customerRef?: string | undefined
  /** Absent where no outage explains the complaint: it was passed on. */
  readonly outageId?: string | undefined
  readonly outageTitle?: string | undefined
  /** The order with which it was passed on. */
  readonly orderId?: string | undefined
  readonly state: CallbackState
  readonly reason: CallbackReason
  readonly told: Pick<ReplyAct, 'words' | 'language' | 'statedEnd' | 'at'>
  readonly channel?: string | undefined
  readonly customerClass?: string | undefined
  readonly escalated?: true | undefined
  readonly waitingSince: string
  readonly dueSince?: string | undefined
  /** Not to be called before: permitted hours, the pause after an attempt, the customer's wish. */
  readonly callFrom?: string | undefined
  readonly attempts: number
  readonly attemptsLeft: number
  readonly lastOutcome?: CallbackMade['outcome'] | undefined
}

export interface CallbackQuery {
  readonly state: CallbackState
  readonly outageId?: string | undefined
  /** Only complaints placed in it; those without a place by their outage's point. */
  readonly box?: Box | undefined
  /** Only those who may be called at this very moment. */
  readonly callable?: boolean | undefined
  readonly nowMs: number
  readonly rules: NonNullable<Ruleset['callbacks']>
  readonly dwellMs: number
  readonly timeZone: string
  readonly days?: CallingDays | undefined
}

/** From when on the customer may be called: a permitted hour, after the pause of an attempt, not before their own wish. */
export function callFrom(
  last: CallbackAct | undefined,
  { nowMs, rules, timeZone, days }: CallbackQuery,
): string {
  const pausedMs = last?.outcome === 'no-answer' ? toMs(last.at) + rules.retryMs : nowMs
  const wishedMs = last?.againAt === undefined ? nowMs : toMs(last.againAt)
  return toInstant(permittedFromMs(Math.max(nowMs, pausedMs, wishedMs), rules.permitted, timeZone, days))
}
