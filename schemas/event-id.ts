import type { EventType } from './event.ts'
import { namedUuid } from './named-uuid.ts'

/** The namespace of Causeway's event ids (a fixed random UUID). */
const namespace = '5f1f6e3c-8a43-4f0e-9a57-3f2f7f0d6c11'
const uuidOf = namedUuid(namespace)

/**
 * An event's id: UUIDv5 of (source, type, notification), so that the same notification sent again is the same event.
 * `notification` is the sender's own id for it; where it has none, subject, time and content (`contentNotification`).
 */
export function eventId(source: string, type: EventType, notification: string): string {
  return uuidOf(JSON.stringify([source, type, notification]))
}

/** Stands in for a notification id that the sender does not give. Key order in the content does not matter. */
export function contentNotification(subject: string, occurredAt: string, content: unknown): string {
  return uuidOf(`${subject}\n${occurredAt}\n${canonicalJson(content)}`)
}

/** A decision's id: the input, whom it is about, its place among the input's decisions, and the engine's version. */
export function decisionId(inputId: string, subject: string, ordinal: number, engineVersion: string): string {
  return uuidOf(`${inputId}\n${subject}\n${ordinal}\n${engineVersion}`)
}

/** JSON with object keys in code-unit order and undefined members left out: the same text for the same content. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = value as Readonly<Record<string, unknown>>
  let json = ''
  for (const name of Object.keys(members).sort()) {
    if (members[name] === undefined) continue
    json += `${json === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(members[name])}`
  }
  return `{${json}}`
}
