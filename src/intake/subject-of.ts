import type { EventType } from '../../schemas/event.ts'

/** Whom an event is about, and what stands for the sender's message id where that follows from the subject alone. */
export interface Subject {
  readonly id: string
  readonly notification?: string
}

/** What happens once to each id of its kind: sent again, with whatever content, it is the same message. */
const onceFor: Partial<Record<EventType, string>> = {
  ComplaintReceived: 'complaintId',
  CutoverPlanned: 'cutoverId',
  AdvisoryPublished: 'advisoryId',
  CustomersSilentReported: 'reportId',
}

const idFields = [
  'alarmId',
  'cutoverId',
  'gapId',
  'advisoryId',
  'complaintId',
  'outageId',
  'clusterId',
  'intoId',
  'candidateId',
  'reportId',
  'eventId',
  'elementId',
]

export function subjectOf(type: EventType, data: object): Subject {
  const members = data as Readonly<Record<string, unknown>>
  const field = idFields.find((name) => typeof members[name] === 'string')
  const id = field === undefined ? '' : String(members[field])
  const once = onceFor[type]
  return once === undefined ? { id } : { id, notification: String(members[once]) }
}
