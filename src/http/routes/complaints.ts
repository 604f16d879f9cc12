import { z } from 'zod'
import {
  answerAmended,
  answerAssist,
  answerComplaint,
  answerPending,
  type AnswerAmended,
  type AnswerComplaint,
} from '../../../schemas/answer-complaint.ts'
import { complaintAmendment, complaintDraft } from '../../../schemas/command-complaint.ts'
import { stampFields } from '../../../schemas/command-stamp.ts'
import { pathParams } from '../act-route.ts'
import { amendComplaint } from '../amend-complaint.ts'
import { problems, type Api } from '../api.ts'
import { assistAnswer } from '../complaint-answer.ts'
import { ProblemError } from '../problem.ts'
import { receiveComplaint } from '../receive-complaint.ts'
import { readDraft } from '../../intake/read-draft.ts'
import { troubleTold } from '../../intake/trouble-told.ts'
import { toInstant } from '../../../schemas/instant.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightNow } from '../sight.ts'
import { zoneOfWords } from '../zone-of-words.ts'

const tags = ['complaints']

const answered: z.ZodType<AnswerComplaint> = answerComplaint
const amended: z.ZodType<AnswerAmended> = answerAmended

/** What explains this complaint: recorded, only asked, or corrected. */
export function complaintRoutes(api: Api, services: Services): void {
  api.post(
    '/complaints',
    {
      schema: {
        tags,
        summary: 'Record a complaint and say what explains it',
        body: complaintDraft,
        response: { 200: answered, 201: answered, 202: answerPending, ...problems },
      },
    },
    async (request, reply) => {
      const { status, answer } = await receiveComplaint(onBehalfOf(services, request.caller), request.body)
      return reply
        .code(status)
        .header('location', answer.links['self'] ?? '')
        .send(answer)
    },
  )

  api.post(
    '/assist',
    {
      schema: {
        tags,
        summary: 'Say what would explain a complaint, and record nothing',
        body: complaintDraft,
        response: { 200: answerAssist, ...problems },
      },
    },
    async (request) => {
      const draft = request.body
      if (services.correlator.ruleset() === undefined)
        throw new ProblemError(503, 'The engine is still catching up; ask again.')
      const { fields: read, place, customer } = readDraft(draft, services.places)
      const reportedAt = draft.reportedAt ?? toInstant(services.clock())
      const told = { reportedAt, zone: zoneOfWords(services, draft.source) }
      const fields = { ...read, trouble: troubleTold(read.trouble, draft.text, told) }
      const assessment = services.correlator.assess({
        ...fields,
        complaintId: draft.id ?? services.randomId(),
        reportedAt,
        ...(customer === undefined ? {} : { customerRef: services.vault.customerRef(customer) }),
      })
      return assistAnswer(sightNow(onBehalfOf(services, request.caller)), assessment, fields, place)
    },
  )

  api.post(
    '/complaints/:complaintId/amend',
    {
      schema: {
        tags,
        summary: 'Correct a complaint or add to it: the place that was meant, what a question brought',
        params: pathParams(['complaintId']),
        body: z.strictObject({ ...complaintAmendment.shape, ...stampFields }),
        response: { 200: amended, 201: amended, ...problems },
      },
    },
    async (request, reply) => {
      const { source, occurredAt, notificationId, ...amendment } = request.body
      const complaintId = String(request.params['complaintId'])
      const answer = await amendComplaint(onBehalfOf(services, request.caller), complaintId, amendment, {
        source,
        occurredAt,
        notificationId,
      })
      return reply.code(answer.outcome === 'stored' ? 201 : 200).send(answer)
    },
  )
}
