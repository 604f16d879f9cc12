import type { AnswerAmended } from '../../schemas/answer-complaint.ts'
import type { ComplaintAmendment } from '../../schemas/command-complaint.ts'
import type { CommandStamp } from '../../schemas/command-stamp.ts'
import type { ComplaintAmended } from '../../schemas/complaint.ts'
import { toInstant } from '../../schemas/instant.ts'
import { complaintFacts, judgeComplaint } from '../domain/complaint-history.ts'
import { readAmendment } from '../intake/read-draft.ts'
import { sealPersonal } from '../intake/seal-personal.ts'
import { troubleAmended } from '../intake/trouble-told.ts'
import { attributionIn, clusterIn, complaintAnswer, pendingAnswer } from './complaint-answer.ts'
import { attributionOf } from './complaint-rows.ts'
import { eventOf, historyOf, recordJudged } from './record.ts'
import type { OnBehalf } from './services.ts'
import { sightNow } from './sight.ts'
import { zoneOfWords } from './zone-of-words.ts'

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
  const told = {
    reportedAt: before?.reportedAt ?? toInstant(services.clock()),
    zone: zoneOfWords(services, stamp.source),
  }
  const trouble = troubleAmended(before?.trouble ?? {}, set.trouble, draft.text, told)
  const isAmended = set.trouble !== undefined || trouble.fromWords !== before?.trouble.fromWords
  const data: ComplaintAmended = {
    complaintId,
    set: { ...set, ...(isAmended ? { trouble } : {}) },
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
