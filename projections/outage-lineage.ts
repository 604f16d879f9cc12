import type { ActRef } from './act.ts'

/** One merge or split in an outage's past; its id stays what it was through all of them. */
export interface LineageStep {
  readonly at: string
  readonly eventId: string
  /** `absorbed` and `split-off`: the other became part of this one, or stands alone again. `merged` and `split-from`: the reverse. */
  readonly step: 'absorbed' | 'merged' | 'split-off' | 'split-from'
  readonly outageId: string
}

/** The most steps that an outage's row keeps; its story keeps all. */
const maxStepsKept = 50

export function withStep(
  kept: readonly LineageStep[] | undefined,
  { id, recordedAt }: { readonly id: string; readonly recordedAt: string },
  step: LineageStep['step'],
  outageId: string,
): readonly LineageStep[] {
  return [...(kept ?? []), { at: recordedAt, eventId: id, step, outageId }].slice(-maxStepsKept)
}

/** A person's word on an outage's cause. */
export interface OutageVerdictAct extends ActRef {
  readonly verdict: 'confirmed' | 'rejected'
  readonly cause: { readonly kind: 'alarm' | 'cutover' | 'gap' | 'advisory'; readonly id: string }
  readonly note?: string | undefined
}

/** Words that a person gave the public. */
export interface WordedAct extends ActRef {
  readonly words: { readonly zh: string; readonly en: string }
  readonly until?: string | undefined
}
