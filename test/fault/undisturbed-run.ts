import { expect } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import type { LogReader, RecordedEvent } from '../../src/event-log/event-log.ts'
import { openMemoryLog } from '../../src/event-log/memory-log.ts'
import { isDecision, isInput } from '../../src/pipeline/decision-groups.ts'
import { createWriter } from '../../src/pipeline/writer.ts'
import { collect } from '../event-log/made-events.ts'
import { startApp } from '../scenario/start-app.ts'
import { firstDifference } from './first-difference.ts'
import type { Message } from './town-traffic.ts'

/** What an agent, a NOC and an analyst are shown, by address. */
export type Answers = ReadonlyMap<string, unknown>

type Get = (path: string) => Promise<unknown>

/** Asks for all complaints by id, and for the lists. */
export async function answersOf(get: Get, complaintIds: readonly string[]): Promise<Answers> {
  const lists = ['/v1/outages', '/v1/clusters', '/v1/alarms', '/v1/complaints']
  const paths = [
    ...lists.map((path) => `${path}?limit=500`),
    ...complaintIds.map((id) => `/v1/complaints/${id}`),
  ]
  const answers = new Map<string, unknown>()
  for (const path of paths) answers.set(path, withoutFreshness(await get(path)))
  return answers
}

/** How current a picture is differs with the moment of asking; what it shows does not. */
function withoutFreshness(answer: unknown): unknown {
  const hidden = new Set(['dataAsOf', 'staleFeeds', 'next'])
  return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (hidden.has(key) ? undefined : value)))
}

/** The log as text a decision; `covers`, `closes` and the place in the log tell of batches, not of what was decided. */
export function decisionTexts(events: readonly RecordedEvent[]): string[] {
  return events
    .filter((event) => isDecision(upcast(event)))
    .map(({ position: _p, revision: _r, meta: { covers: _c, closes: _b, ...meta }, ...rest }) =>
      JSON.stringify({ ...rest, meta }),
    )
}

/**
 * Tells the inputs of a log, in its order, to a server that nothing disturbs, and expects the same decisions of it, to the
 * byte, and the same answers (E2, P1).
 */
export async function expectAsUndisturbed(
  events: readonly RecordedEvent[],
  answers?: Answers,
  complaintIds: readonly string[] = [],
): Promise<void> {
  const log = openMemoryLog()
  const inputs = events.map((event): Event => upcast(event)).filter(isInput)
  const writer = createWriter({ log })
  // One by one: within one call the writer may put events of one stream together.
  for (const input of inputs) await writer.write([input])
  const calm = await startApp({ log, at: inputs[0]?.recordedAt ?? '' })
  try {
    await calm.settle()
    const decided = decisionTexts(await collect(log.readAll()))
    expect(firstDifference(decisionTexts(events), decided)).toBeUndefined()
    if (answers === undefined) return
    const get = async (path: string) => (await calm.send('GET', path)).body
    for (const [path, answer] of await answersOf(get, complaintIds)) {
      expect(answers.get(path), path).toEqual(answer)
    }
  } finally {
    await calm.stop()
    await log.close()
  }
}

/** Nothing that was acknowledged is lost (L1), and nothing is there twice (L2). */
export function expectHeldOnce(events: readonly RecordedEvent[], acknowledged: readonly Message[]): void {
  const ids = events.map(({ stream, id }) => `${stream} ${id}`)
  expect(new Set(ids).size).toBe(ids.length)
  const count = new Map<string, number>()
  for (const { type, data } of events) {
    const key = type === 'AlarmRaised' ? 'alarmId' : type === 'ComplaintReceived' ? 'complaintId' : undefined
    if (key === undefined) continue
    const name = String(data[key])
    count.set(name, (count.get(name) ?? 0) + 1)
  }
  for (const [name, times] of count) expect(times, `${name} is stored twice`).toBe(1)
  for (const { alarms, complaints } of acknowledged) {
    for (const name of [...alarms, ...complaints]) expect(count.get(name), `${name} is lost`).toBe(1)
  }
}

/** All that a log holds. */
export async function readWhole(log: Pick<LogReader, 'readAll'>): Promise<RecordedEvent[]> {
  return collect(log.readAll())
}
