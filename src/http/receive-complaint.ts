import type { AnswerComplaint, AnswerPending } from '../../schemas/answer-complaint.ts'
import type { AnswerRecorded } from '../../schemas/answer-recorded.ts'
import type { ComplaintDraft } from '../../schemas/command-complaint.ts'
import type { ComplaintReceived } from '../../schemas/complaint.ts'
import type { Event, EventOf } from '../../schemas/event.ts'
import { contentNotification } from '../../schemas/event-id.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { FoundPlace } from '../intake/find-place.ts'
import { readDraft, type DraftReading } from '../intake/read-draft.ts'
import { sealPersonal } from '../intake/seal-personal.ts'
import { troubleTold } from '../intake/trouble-told.ts'
import { attributionIn, clusterIn, complaintAnswer, pendingAnswer } from './complaint-answer.ts'
import { attributionOf, factsOf, type Attribution } from './complaint-rows.ts'
import { eventOf, historyOf, keepDiffering, record } from './record.ts'
import type { OnBehalf } from './services.ts'
import { ProblemError } from './problem.ts'
import { sightNow } from './sight.ts'
import { zoneOfWords } from './zone-of-words.ts'

/** What became of a complaint that was sent, and how the answer says it. */
export interface Received {
  readonly status: 200 | 201 | 202
  readonly answer: AnswerComplaint | AnswerPending
}

/**
 * Records a complaint and answers it. Personal fields are sealed before the event is stored, and only where it is new: a
 * complaint whose id is known with other content changes nothing that was sealed.
 */
export async function receiveComplaint(services: OnBehalf, draft: ComplaintDraft): Promise<Received> {
  const stopTimer = services.metrics.answerSeconds.startTimer()
  try {
    const reading = readDraft(draft, services.places)
    const complaintId = idOf(services, draft, reading)
    return await services.turns.take(`complaint-${complaintId}`, () =>
      receiveInTurn(services, { draft, reading, complaintId }),
    )
  } finally {
    stopTimer()
  }
}

interface Sent {
  readonly draft: ComplaintDraft
  readonly reading: DraftReading
  readonly complaintId: string
}

async function receiveInTurn(services: OnBehalf, sent: Sent): Promise<Received> {
  const { complaintId, reading } = sent
  const { answerWaitMs } = services.config.limits
  const history = await historyOf(services.log, `complaint-${complaintId}`)
  const known = history.find((event) => event.type === 'ComplaintReceived')
  const event = complaintEvent(services, sent, known)
  if (known !== undefined) return receiveAgain(services, sent, event, known)

  await sealPersonal(services.vault, complaintId, event.data.customerRef, reading.personal)
  const deciding = services.correlator.decided(event.id, answerWaitMs)
  await record(services, event, 'leave read models behind')
  if (sent.draft.reply !== undefined) await keepReply(services, sent, sent.draft.reply)
  const decisions = await deciding
  const attribution = attributionIn(decisions, complaintId)
  if (attribution === undefined) return pending(complaintId, reading.place)
  const clusterId = clusterIn(decisions, complaintId)
  const answer = complaintAnswer(sightNow(services), {
    complaintId,
    attribution,
    facts: event.data,
    place: reading.place,
    clusterId,
  })
  return { status: 201, answer }
}

/** The same complaint again: the same answer (L2). Its id with other content: the stored one's answer, and the rest kept. */
async function receiveAgain(
  services: OnBehalf,
  { complaintId, reading }: Sent,
  event: EventOf<'ComplaintReceived'>,
  known: EventOf<'ComplaintReceived'>,
): Promise<Received> {
  if (!(await services.sees({ kind: 'complaint', id: complaintId }))) {
    throw new ProblemError(
      409,
      `The id ${complaintId} is taken; give the complaint another, or leave it out.`,
    )
  }
  const { outcome, refusedId } = await recordAgain(services, event, known)
  const attribution = await currentAttribution(services, complaintId, known.id)
  if (attribution === undefined) return pending(complaintId, reading.place)
  const facts = factsOf(services.rows, complaintId) ?? known.data
  const duplicate = outcome === 'differs' ? ('differs' as const) : ('same' as const)
  // What was amended since is not asked about again.
  const place: FoundPlace = facts.place === undefined ? reading.place : { kind: 'unstated' }
  const answer = complaintAnswer(sightNow(services), {
    complaintId,
    attribution,
    facts,
    place,
    duplicate,
    refusedId,
  })
  return { status: 200, answer }
}

/** Under another source it would be another event, and one complaint has one beginning. */
async function recordAgain(
  services: OnBehalf,
  event: EventOf<'ComplaintReceived'>,
  known: EventOf<'ComplaintReceived'>,
): Promise<Pick<AnswerRecorded, 'outcome' | 'refusedId'>> {
  if (event.id === known.id) return record(services, event, 'leave read models behind')
  return { outcome: 'differs', refusedId: keepDiffering(services, event) }
}

function pending(complaintId: string, place: FoundPlace): Received {
  return { status: 202, answer: pendingAnswer(complaintId, place) }
}

/** The attribution in force: as the read models have it, or fresh from the engine where they do not yet. */
async function currentAttribution(
  services: OnBehalf,
  complaintId: string,
  inputId: string,
): Promise<Attribution | undefined> {
  const kept = attributionOf(services.rows, complaintId)
  if (kept !== undefined) return kept
  const decisions = await services.correlator.decided(inputId, services.config.limits.answerWaitMs)
  return attributionIn(decisions, complaintId) ?? attributionOf(services.rows, complaintId)
}

/** Left out, the id follows from what was said where that says when; else each call is a complaint of its own. */
function idOf(services: OnBehalf, draft: ComplaintDraft, { fields, customer }: DraftReading): string {
  if (draft.id !== undefined) return draft.id
  if (draft.reportedAt === undefined) return services.randomId()
  const who = customer === undefined ? '' : services.vault.customerRef(customer)
  return contentNotification(`complaint ${who}`, draft.reportedAt, fields)
}

function complaintEvent(
  services: OnBehalf,
  { draft, reading, complaintId }: Sent,
  known: Event | undefined,
): EventOf<'ComplaintReceived'> {
  const storedAt = known?.type === 'ComplaintReceived' ? known.data.reportedAt : undefined
  const reportedAt = draft.reportedAt ?? storedAt ?? toInstant(services.clock())
  const zone = zoneOfWords(services, draft.source ?? known?.meta.source)
  const data: ComplaintReceived = {
    complaintId,
    reportedAt,
    ...reading.fields,
    trouble: troubleTold(reading.fields.trouble, draft.text, { reportedAt, zone }),
    ...(reading.customer === undefined ? {} : { customerRef: services.vault.customerRef(reading.customer) }),
  }
  return eventOf(services, 'ComplaintReceived', data, {
    // Without a source of its own it is the one that is known.
    stamp: {
      source: draft.source ?? known?.meta.source,
      occurredAt: reportedAt,
      notificationId: complaintId,
    },
    subject: complaintId,
  })
}

async function keepReply(
  services: OnBehalf,
  { complaintId, draft }: Sent,
  given: NonNullable<ComplaintDraft['reply']>,
): Promise<void> {
  const reply = eventOf(
    services,
    'ReplyGiven',
    { complaintId, ...given },
    {
      stamp: { source: draft.source, notificationId: `reply with ${complaintId}` },
      subject: complaintId,
    },
  )
  await record(services, reply, 'leave read models behind')
}
