import { commandEventLine, type CommandEventLine } from '../../schemas/command-event-line.ts'
import { complaintDraft } from '../../schemas/command-complaint.ts'
import type { EventMetadata } from '../../schemas/envelope.ts'
import {
  eventData,
  ownTypes,
  schemaVersionOf,
  type DataOf,
  type Event,
  type EventType,
} from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import { newEvent } from '../domain/new-event.ts'
import type { PlaceIndex } from '../places/place-index.ts'
import type { z } from 'zod'
import { depthFault, utf8Text } from './json-text.ts'
import { issueFaults } from './issue-faults.ts'
import { readDraft } from './read-draft.ts'
import { subjectOf } from './subject-of.ts'
import { withoutNumbers } from './without-numbers.ts'
import { timeFaults, type TimeFault } from './time-faults.ts'
import { troubleTold } from './trouble-told.ts'

/** What a line is judged by. */
export interface LineContext {
  readonly recordedAt: string
  readonly nowMs: number
  readonly maxFutureMs: number
  readonly maxDepth: number
  readonly actor: string
  readonly places: PlaceIndex
  readonly customerRef: (raw: string) => string
  /** The zone of a source's clock, by which times in customers' words are read; left out: none is read. */
  readonly zoneOf?: ((source: string) => string | undefined) | undefined
  /** Turns times without offset of a source whose clock is known into instants; left out: there are none such. */
  readonly withOffsets?: ((source: string, line: object) => object) | undefined
}

/** What a line came to: an event with what must be sealed beside it, or why it is refused. */
export type JudgedLine =
  | { readonly kind: 'event'; readonly event: Event; readonly personal: Readonly<Record<string, string>> }
  | {
      readonly kind: 'refused'
      readonly reason: string
      readonly errors: readonly TimeFault[]
      readonly source?: string | undefined
    }

const notForSenders: ReadonlySet<EventType> = new Set(ownTypes)
const defaultSource = 'api'
const nothingPersonal = {}
/** The most faults named of one line. */
const maxFaults = 10

export function judgeLine(bytes: Uint8Array, context: LineContext): JudgedLine {
  const text = utf8Text(bytes)
  if (text === undefined) return refused('is not UTF-8')
  const deep = depthFault(text, context.maxDepth)
  if (deep !== undefined) return refused(deep)
  let sent: unknown
  try {
    sent = JSON.parse(text)
  } catch {
    return refused('is no JSON')
  }
  return judgeParsed(sent, context)
}

/** The same for a line that is JSON already. */
export function judgeParsed(sent: unknown, context: LineContext): JudgedLine {
  const named = sourceNamed(sent)
  const timely =
    context.withOffsets !== undefined && named !== undefined && typeof sent === 'object' && sent !== null
      ? context.withOffsets(named, sent)
      : sent
  const line = commandEventLine.safeParse(timely)
  if (!line.success) return refusedBy(line.error, named)
  const { type } = line.data
  const source = line.data.source ?? line.data.meta?.source ?? defaultSource
  if (notForSenders.has(type)) return refused(`${type} is written by the engine and the server alone`, source)
  const meta = { source, actor: context.actor }
  if (type === 'ComplaintReceived' && isDraft(line.data.data)) return judgeDraft(line.data, meta, context)
  return judgeData(line.data, meta, context)
}

function judgeData(line: CommandEventLine, meta: EventMetadata, context: LineContext): JudgedLine {
  const { type } = line
  const data = eventData[type].safeParse(currentData(line))
  if (!data.success) return refusedBy(data.error, meta.source, ['data'])
  return finish(line, withoutNumbers(type, data.data as DataOf<EventType>), nothingPersonal, {
    meta,
    context,
  })
}

/** Exported lines may be of an older version. */
function currentData({ type, data, schemaVersion = schemaVersionOf(type) }: CommandEventLine): unknown {
  if (schemaVersion === schemaVersionOf(type)) return data
  const stored = {
    id: '',
    type,
    schemaVersion,
    occurredAt: '',
    recordedAt: '',
    data,
    meta: { source: '', actor: '' },
  }
  return upcast(stored).data
}

/** A complaint as an agent or a CRM writes it, with what is personal. */
function isDraft(data: Readonly<Record<string, unknown>>): boolean {
  const { place } = data
  const isPlaceDraft = typeof place === 'object' && place !== null && !('location' in place)
  return !('complaintId' in data) || 'customer' in data || 'text' in data || isPlaceDraft
}

function judgeDraft(line: CommandEventLine, meta: EventMetadata, context: LineContext): JudgedLine {
  const { complaintId, ...rest } = line.data
  const reportedAt = rest['reportedAt'] ?? line.occurredAt
  const parsed = complaintDraft.safeParse({ id: complaintId, ...rest, reportedAt })
  if (!parsed.success) return refusedBy(parsed.error, meta.source, ['data'])
  const { id, reportedAt: at } = parsed.data
  if (id === undefined) return refusedAt('/data/complaintId', 'a complaint in bulk needs its id', meta.source)
  if (at === undefined)
    return refusedAt('/data/reportedAt', 'a complaint in bulk needs its time', meta.source)
  if (parsed.data.reply !== undefined) {
    return refusedAt('/data/reply', 'send the reply as a ReplyGiven of its own', meta.source)
  }
  const { fields, personal, customer } = readDraft(parsed.data, context.places)
  const customerRef = customer === undefined ? {} : { customerRef: context.customerRef(customer) }
  const told = { reportedAt: at, zone: context.zoneOf?.(meta.source) }
  const trouble = troubleTold(fields.trouble, parsed.data.text, told)
  const data: DataOf<'ComplaintReceived'> = {
    complaintId: id,
    reportedAt: at,
    ...fields,
    trouble,
    ...customerRef,
  }
  return finish(line, data, personal, { meta, context })
}

function finish(
  line: CommandEventLine,
  data: DataOf<EventType>,
  personal: Readonly<Record<string, string>>,
  { meta, context }: { meta: EventMetadata; context: LineContext },
): JudgedLine {
  const { type } = line
  const subject = subjectOf(type, data)
  const reportedAt = 'reportedAt' in data && typeof data.reportedAt === 'string' ? data.reportedAt : undefined
  const occurredAt = line.occurredAt ?? reportedAt
  // "Now" would be another moment, and so another event, each time that the line is sent.
  if (occurredAt === undefined) return refusedAt('/occurredAt', 'is missing', meta.source)
  const notification = line.notificationId ?? subject.notification
  const stamp = { meta, occurredAt, recordedAt: context.recordedAt, notification, subject: subject.id }
  const made = newEvent(type, data, stamp) as Event
  const event = line.id !== undefined && line.notificationId === undefined ? { ...made, id: line.id } : made
  const faults = [...timeFaults(event, context.nowMs, context.maxFutureMs), ...numberFaults(event)]
  if (faults.length > 0)
    return { kind: 'refused', reason: reasonOf(faults), errors: faults, source: meta.source }
  return { kind: 'event', event, personal }
}

/** A telephone number is no reference: it would lie open in the log for ever (S1). */
function numberFaults(event: Event): TimeFault[] {
  const detail = 'is a telephone number; send it as customer.phone, which is sealed'
  if (event.type === 'ComplaintReceived' && isNumber(event.data.customerRef)) {
    return [{ pointer: '/data/customerRef', detail }]
  }
  if (event.type !== 'CustomersSilentReported') return []
  return event.data.customers.flatMap(({ customerRef }, at) =>
    isNumber(customerRef) ? [{ pointer: `/data/customers/${at}/customerRef`, detail }] : [],
  )
}

function isNumber(customerRef: string | undefined): boolean {
  return customerRef !== undefined && /^\+?\d[\d\s-]{5,18}$/.test(customerRef)
}

function sourceNamed(sent: unknown): string | undefined {
  if (typeof sent !== 'object' || sent === null || !('source' in sent)) return undefined
  return typeof sent.source === 'string' ? sent.source.slice(0, 100) : undefined
}

function refused(reason: string, source?: string): JudgedLine {
  return { kind: 'refused', reason, errors: [], source }
}

function refusedAt(pointer: string, detail: string, source: string): JudgedLine {
  const errors = [{ pointer, detail }]
  return { kind: 'refused', reason: reasonOf(errors), errors, source }
}

function refusedBy(error: z.core.$ZodError, source?: string, under: readonly string[] = []): JudgedLine {
  const errors = issueFaults(error.issues, maxFaults, under)
  return { kind: 'refused', reason: reasonOf(errors), errors, source }
}

function reasonOf(errors: readonly TimeFault[]): string {
  const [first] = errors
  if (first === undefined) return 'is not as it should be'
  return first.pointer === '' ? first.detail : `${first.pointer}: ${first.detail}`
}
