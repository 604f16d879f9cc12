import type { CauseRef } from '../schemas/attribution.ts'
import { toInstant } from '../schemas/instant.ts'
import type { Bilingual } from '../schemas/text.ts'
import { attributionById } from './complaint-queries.ts'
import {
  byCauseHeard,
  byOutage,
  complaints,
  toCorrect,
  type AttributionSummary,
  type ComplaintRow,
  type ReplyAct,
  type VerdictAct,
} from './complaint-row.ts'
import {
  causeHeard,
  expectationOf,
  isCauseChanged,
  isGoingOn,
  isRejected,
  isToldSince,
} from './expectation.ts'
import { key } from './key.ts'
import { fromKnown, pageOfList } from './listing.ts'
import { headOf, partsOf } from './merged.ts'
import { outages } from './outage.ts'
import type { Page, PageRequest } from './page.ts'
import { rowOf, type Rows } from './rows.ts'

/** What of it turned out wrong. */
export type Wrong = 'cause-rejected' | 'cause-changed' | 'end-passed' | 'not-restored'

/** What a customer was told last, and what is true now. */
export interface Correction {
  readonly complaintId: string
  readonly customerRef?: string | undefined
  readonly outageId?: string | undefined
  readonly told: Pick<ReplyAct, 'eventId' | 'at' | 'actor' | 'words' | 'language' | 'statedEnd'> & {
    readonly cause?: CauseRef | undefined
    readonly outageId?: string | undefined
  }
  /** Empty where it still holds. */
  readonly wrong: readonly Wrong[]
  readonly rejected?: Pick<VerdictAct, 'at' | 'actor' | 'cause'> | undefined
  readonly now?:
    | (Pick<AttributionSummary, 'verdict' | 'root' | 'state' | 'expectedEnd' | 'at'> & {
        /** Its cause is over, and a customer is still out all the same. */
        readonly outageReopened?: true | undefined
        readonly words?: Bilingual | undefined
      })
    | undefined
}

/** Those who were told what is wrong now and have not been called since, by when they were told, newest first. */
export function corrections(rows: Rows, nowMs: number, request: PageRequest): Page<Correction> {
  const load = (id: string) => correctionOf(rows, id, nowMs)
  return pageOfList(rows, toCorrect, [[]], request, (id) => onlyWrong(load(id)), fromKnown(rows))
}

/** Those of an outage, customers who were told that it was over among them, where it was opened again. */
export function correctionsOfOutage(
  rows: Rows,
  outageId: string,
  nowMs: number,
  request: PageRequest,
): Page<Correction> {
  const parts = partsOf(rows, outages, headOf(rows, outages, outageId))
  const under = parts.map((part) => [part])
  return pageOfList(rows, byOutage, under, request, (id) => onlyWrong(correctionOf(rows, id, nowMs)))
}

/** Everyone whose last reply named a cause, newest first; of those for whom it still holds nothing is wrong. */
export function whoHeard(
  rows: Rows,
  { kind, id }: CauseRef,
  nowMs: number,
  request: PageRequest,
): Page<Correction> {
  const load = (complaintId: string) => correctionOf(rows, complaintId, nowMs)
  return pageOfList(rows, byCauseHeard, [[kind, id]], request, load, fromKnown(rows, kind, id))
}

function onlyWrong(correction: Correction | undefined): Correction | undefined {
  return correction === undefined || correction.wrong.length === 0 ? undefined : correction
}

function correctionOf(rows: Rows, complaintId: string, nowMs: number): Correction | undefined {
  const row = rowOf(rows, complaints, key(complaintId))
  const reply = row?.replies?.at(-1)
  if (row === undefined || reply === undefined || row.status === 'withdrawn' || row.backfilled)
    return undefined
  const { attribution } = row
  const outageId = attribution?.outageId && headOf(rows, outages, attribution.outageId)
  const isReopened = outageId !== undefined && rowOf(rows, outages, key(outageId))?.stillOut !== undefined
  const cause = causeHeard(row)
  const { eventId, at, actor, words, language, statedEnd, heard } = reply
  return {
    complaintId,
    customerRef: row.facts.customerRef,
    outageId,
    told: { eventId, at, actor, words, language, statedEnd, cause, outageId: heard?.outageId },
    wrong: isToldSince(row, reply) ? [] : wrongIn(rows, row, reply, { isReopened, nowMs }),
    rejected: cause && rejectionOf(row, cause),
    now: attribution && nowOf(rows, attribution, isReopened),
  }
}

function wrongIn(
  rows: Rows,
  row: ComplaintRow,
  reply: ReplyAct,
  { isReopened, nowMs }: { readonly isReopened: boolean; readonly nowMs: number },
): readonly Wrong[] {
  const cause = causeHeard(row)
  const goesOn = isGoingOn(row) || isReopened
  const isPast = reply.statedEnd !== undefined && reply.statedEnd <= toInstant(nowMs)
  return [
    ...(cause !== undefined && isRejected(row, cause) ? (['cause-rejected'] as const) : []),
    ...(isCauseChanged(row, reply) && !isMergedTrouble(rows, row, reply) ? (['cause-changed'] as const) : []),
    ...(goesOn && isPast ? (['end-passed'] as const) : []),
    ...(goesOn && expectationOf(reply) === 'restored' ? (['not-restored'] as const) : []),
  ]
}

/** Two outages that turned out to be one are the same trouble, better known, where the kind of cause is the same. */
function isMergedTrouble(rows: Rows, { attribution }: ComplaintRow, { heard }: ReplyAct): boolean {
  if (attribution?.outageId === undefined || heard?.outageId === undefined) return false
  if (attribution.root?.kind !== heard.root?.kind) return false
  return headOf(rows, outages, attribution.outageId) === headOf(rows, outages, heard.outageId)
}

function rejectionOf({ verdicts = [] }: ComplaintRow, { kind, id }: CauseRef): Correction['rejected'] {
  const last = verdicts.findLast(({ cause }) => cause.kind === kind && cause.id === id)
  return last?.verdict === 'rejected' ? { at: last.at, actor: last.actor, cause: last.cause } : undefined
}

function nowOf(rows: Rows, attribution: AttributionSummary, isReopened: boolean): Correction['now'] {
  const { id, verdict, root, state, expectedEnd, at } = attribution
  const words = attributionById(rows, id)?.attribution.words
  return { verdict, root, state, expectedEnd, at, words, outageReopened: isReopened ? true : undefined }
}
