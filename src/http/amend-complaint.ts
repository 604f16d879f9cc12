import type { AnswerAmended } from '../../schemas/answer-complaint.ts'
import type { ComplaintAmendment } from '../../schemas/command-complaint.ts'
import type { CommandStamp } from '../../schemas/command-stamp.ts'
import type { ComplaintAmended } from '../../schemas/complaint.ts'
import { complaintFacts, judgeComplaint } from '../domain/complaint-history.ts'
import { readAmendment } from '../intake/read-draft.ts'
import { sealPersonal } from '../intake/seal-personal.ts'
import { attributionIn, clusterIn, complaintAnswer, pendingAnswer } from './complaint-answer.ts'
import { attributionOf } from './complaint-rows.ts'
import { eventOf, historyOf, recordJudged } from './record.ts'
import type { OnBehalf } from './services.ts'
import { sightNow } from './sight.ts'

/** Corrects a complaint or adds to it, and answers it anew. */
export async function amendComplaint(
  services: OnBehalf,
  complaintId: string,
  amendment: ComplaintAmendment,
  stamp: CommandStamp,
): Promise<AnswerAmended> {
  await services.mustSee({ kind: 'complaint', id: complaintId })
  const { unset, ...draft } = amendment
  const before = complaintFacts(await historyOf(services.log, `complaint-${complaintId}`))
  const { set, place } = readAmendment(draft, services.places)
  const trouble = set.trouble === undefined ? {} : { trouble: { ...before?.trouble, ...set.trouble } }
  const data: ComplaintAmended = {
    complaintId,
    set: { ...set, ...trouble },
    ...(unset === undefined ? {} : { unset }),
  }
  const event = eventOf(services, 'ComplaintAmended', data, { stamp, subject: complaintId })
  const { answerWaitMs } = services.config.limits
  const deciding = services.correlator.decided(event.id, answerWaitMs)
  const recorded = await recordJudged(
    services,
    event,
    (history) => judgeComplaint(history, { type: 'ComplaintAmended', data }, {}),
    stamp.occurredAt !== undefined,
  )
  if (draft.text !== undefined) {
    await sealPersonal(services.vault, complaintId, before?.customerRef, { text: draft.text })
  }
  const decisions = recorded.outcome === 'stored' ? await deciding : undefined
  const attribution = attributionIn(decisions, complaintId) ?? attributionOf(services.rows, complaintId)
  const facts = complaintFacts(await historyOf(services.log, `complaint-${complaintId}`))
  if (attribution === undefined || facts === undefined) {
    return { ...recorded, answer: pendingAnswer(complaintId, place) }
  }
  const clusterId = clusterIn(decisions, complaintId)
  return {
    ...recorded,
    answer: complaintAnswer(sightNow(services), { complaintId, attribution, facts, place, clusterId }),
  }
}
