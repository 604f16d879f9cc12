import type { EventType } from '../../schemas/event.ts'
import { maskNumbers } from './redact.ts'

/** Where agents write freely about one customer. A reply stays word for word: it is what was said to the customer. */
const writtenAboutCustomers: ReadonlySet<EventType> = new Set([
  'ComplaintWithdrawn',
  'CauseConfirmed',
  'CauseRejected',
  'ComplaintDispatched',
  'ComplaintResolved',
  'CallbackMade',
  'NoteAdded',
  'OutageConfirmed',
  'OutageRejected',
  'OutageWorded',
  'OutageMergedByHand',
  'NoticeMuted',
  'NoticeUnmuted',
  'DecisionUndone',
  'OrderOpened',
  'OrderUpdated',
  'OrderResolved',
  'OrderReturned',
  'OrderReopened',
])
const freeFields = ['note', 'reason', 'text'] as const

/** The data with every number that may reach somebody masked in what agents wrote: notes lie open in the log (S1). */
export function withoutNumbers<Data extends object>(type: EventType, data: Data): Data {
  if (!writtenAboutCustomers.has(type)) return data
  const masked: Record<string, unknown> = Object.fromEntries(Object.entries(data))
  for (const name of freeFields) {
    const text = masked[name]
    if (typeof text === 'string') masked[name] = maskNumbers(text)
  }
  return masked as Data
}
