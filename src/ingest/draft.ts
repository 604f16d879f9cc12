import type { z } from 'zod'
import { complaintDraft } from '../../schemas/command-complaint.ts'
import { contentNotification } from '../../schemas/event-id.ts'
import { eventData, type EventType } from '../../schemas/event.ts'

/** An event in the making: checked, and not yet named or stamped. */
export interface Draft {
  readonly type: EventType
  readonly occurredAt: string
  /** When the log would have taken it; used with `--backfill` only. */
  readonly recordedAt: string
  /** Of the event; of a `ComplaintReceived` a `ComplaintDraft`, whose personal fields are not sealed yet. */
  readonly data: Readonly<Record<string, unknown>>
  /** The sender's id for it: the same notification read again is the same event. Empty: its content names it. */
  readonly notification: string
}

/** What one row became. */
export type RowResult = { readonly drafts: readonly Draft[] } | { readonly refused: string }

export type DraftWish = Omit<Draft, 'recordedAt'> & { readonly recordedAt?: string | undefined }

/** Longer ids are stored as a hash of themselves. */
const maxNotificationChars = 200

/** Checks the data of all events of a row against their schemas; one that fails refuses the row. */
export function draftsOf(wishes: readonly DraftWish[]): RowResult {
  const drafts: Draft[] = []
  for (const { data, recordedAt, notification, ...wish } of wishes) {
    const schema = wish.type === 'ComplaintReceived' ? complaintDraft : eventData[wish.type]
    const checked = schema.safeParse(withoutUndefined(data))
    if (!checked.success) return { refused: reasonOf(checked.error, data) }
    drafts.push({
      ...wish,
      // What the file says was recorded before it happened was recorded when it happened, at the earliest.
      recordedAt: recordedAt === undefined || recordedAt < wish.occurredAt ? wish.occurredAt : recordedAt,
      data: checked.data,
      notification:
        notification.length <= maxNotificationChars
          ? notification
          : contentNotification(notification, '', null),
    })
  }
  return { drafts }
}

/** Fields whose values may name or describe a customer, and are never repeated. */
const personal: ReadonlySet<PropertyKey> = new Set(['customer', 'text', 'name'])

function reasonOf(error: z.ZodError, data: Readonly<Record<string, unknown>>): string {
  const [issue] = error.issues
  const path = issue?.path ?? []
  const value = path.reduce<unknown>(
    (held, key) =>
      typeof held === 'object' && held !== null ? (held as Record<PropertyKey, unknown>)[key] : undefined,
    data,
  )
  if (value === undefined && issue?.code !== 'custom') return `${path.join('.')} is missing`
  const isShown = typeof value === 'string' && !path.some((key) => personal.has(key))
  return `${path.join('.')}: ${issue?.message ?? 'is wrong'}${isShown ? ` (${JSON.stringify(value.slice(0, 40))})` : ''}`
}

/** The object without its undefined members; undefined where nothing is left. */
export function present<T extends object>(object: T): T | undefined {
  return Object.values(object).some((value) => value !== undefined) ? withoutUndefined(object) : undefined
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}
