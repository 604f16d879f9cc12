import { createHash } from 'node:crypto'
import { decisionTypes } from '../../../schemas/event.ts'
import { canonicalJson } from '../../../schemas/event-id.ts'
import type { LogReader, Position, RecordedEvent } from '../event-log.ts'

/** A stream as far as it was read: how many events, and a checksum over all of them in order. */
export interface StreamDigest {
  readonly events: number
  readonly sum: string
}

/** What a log holds, in a form in which two logs compare whatever their positions look like. */
export interface LogDigest {
  readonly events: number
  readonly streams: ReadonlyMap<string, StreamDigest>
  /** The last attribution of each complaint, by the checksum of what it says. */
  readonly answers: ReadonlyMap<string, string>
  /** A checksum over the inputs of all streams in the order of the log, which is the order in which they are folded. */
  readonly inputOrder: string
}

export interface DigestOptions {
  /** The last position to read; left out: all. */
  readonly upTo?: Position | undefined
  readonly onProgress?: (events: number) => void
}

const decisions: ReadonlySet<string> = new Set(decisionTypes)

/** Reads a log once. Memory grows with streams and complaints, not with events. */
export async function digestLog(
  log: Pick<LogReader, 'readAll'>,
  { upTo, onProgress = () => {} }: DigestOptions = {},
): Promise<LogDigest> {
  const streams = new Map<string, StreamDigest>()
  const answers = new Map<string, string>()
  let inputOrder = ''
  let events = 0
  for await (const batch of log.readAll()) {
    for (const event of batch) {
      if (upTo !== undefined && event.position > upTo) return { events, streams, answers, inputOrder }
      const { stream } = event
      const text = contentOf(event)
      const { events: before = 0, sum = '' } = streams.get(stream) ?? {}
      streams.set(stream, { events: before + 1, sum: chained(sum, text) })
      if (event.type === 'CauseAttributed') {
        answers.set(String(event.data['complaintId']), chained('', canonicalJson(event.data)))
      }
      if (!decisions.has(event.type)) inputOrder = chained(inputOrder, event.id)
      events += 1
    }
    onProgress(events)
  }
  return { events, streams, answers, inputOrder }
}

/** Where two logs differ: at most `maxListed` sentences; none where they hold the same. */
export function differencesOf(from: LogDigest, to: LogDigest, maxListed = 20): readonly string[] {
  const differences: string[] = []
  if (from.events !== to.events) differences.push(`${from.events} events were to come, ${to.events} came`)
  if (from.inputOrder !== to.inputOrder) differences.push('inputs of different streams lie in another order')
  for (const stream of new Set([...from.streams.keys(), ...to.streams.keys()])) {
    const [a, b] = [from.streams.get(stream), to.streams.get(stream)]
    if (a?.events !== b?.events) {
      differences.push(`stream ${stream} has ${b?.events ?? 0} events instead of ${a?.events ?? 0}`)
    } else if (a?.sum !== b?.sum) differences.push(`stream ${stream} says something else`)
    if (differences.length >= maxListed) return differences
  }
  for (const complaint of new Set([...from.answers.keys(), ...to.answers.keys()])) {
    if (from.answers.get(complaint) !== to.answers.get(complaint)) {
      differences.push(`the last answer to complaint ${complaint} differs`)
    }
    if (differences.length >= maxListed) return differences
  }
  return differences
}

/** All that a copy keeps: everything but the position. */
function contentOf({
  revision,
  id,
  type,
  schemaVersion,
  occurredAt,
  recordedAt,
  data,
  meta,
}: RecordedEvent): string {
  return canonicalJson([revision, id, type, schemaVersion, occurredAt, recordedAt, data, meta])
}

function chained(before: string, text: string): string {
  return createHash('sha256').update(before).update(text).digest('base64')
}
