import type { AnswerBulk } from '../../schemas/answer-bulk.ts'

/** One request of a client; sent again it is the same (L2). */
export interface Message {
  readonly path: string
  readonly body: object | string
  /** What it brings: ids of alarms and of complaints, no two alike. */
  readonly alarms: readonly string[]
  readonly complaints: readonly string[]
}

const sites = [
  ['S-1', [113.33, 23.14]],
  ['S-2', [113.337, 23.14]],
  ['S-3', [113.355, 23.133]],
] as const

/** The sites that alarms and complaints are about. */
export function townMap(): readonly Message[] {
  return sites.map(([elementId, point]) => ({
    path: '/v1/elements',
    body: {
      source: 'nms',
      elementId,
      kind: 'site',
      name: elementId,
      location: { point },
      services: ['mobile'],
      coverage: { kind: 'radius', radiusMeters: 800 },
    },
    alarms: [],
    complaints: [],
  }))
}

/**
 * What the clients of a town send: alarms one by one, every fourth time a complaint, every tenth time forty alarms in bulk.
 * Facts follow each other by a second, from `startMs` on.
 */
export function townTraffic(count: number, startMs: number, first = 0): readonly Message[] {
  return Array.from({ length: count }, (_, offset) => {
    const number = first + offset
    const [site, point] = sites[number % sites.length] ?? sites[0]
    const occurredAt = new Date(startMs + number * 1_000).toISOString()
    if (number % 10 === 9) return bulkOf(number, site, occurredAt)
    if (number % 4 === 3) {
      const id = `C-${number}`
      const place = { point: [point[0] + 0.001, point[1]] }
      const body = {
        id,
        reportedAt: occurredAt,
        text: '没有信号',
        place,
        customer: { phone: phoneOf(number) },
      }
      return { path: '/v1/complaints', body, alarms: [], complaints: [id] }
    }
    const alarmId = `A-${number}`
    const body = {
      event: 'raised',
      source: 'nms',
      occurredAt,
      alarmId,
      elementId: site,
      probableCause: 'outOfService',
      perceivedSeverity: 'CRITICAL',
    }
    return { path: '/v1/alarms', body, alarms: [alarmId], complaints: [] }
  })
}

const bulkLines = 40

function bulkOf(number: number, elementId: string, occurredAt: string): Message {
  const alarms = Array.from({ length: bulkLines }, (_, line) => `A-${number}-${line}`)
  const lines = alarms.map((alarmId) =>
    JSON.stringify({
      type: 'AlarmRaised',
      source: 'nms-bulk',
      occurredAt,
      data: { alarmId, elementId, probableCause: 'doorOpen', perceivedSeverity: 'WARNING' },
    }),
  )
  return { path: '/v1/events', body: lines.join('\n'), alarms, complaints: [] }
}

function phoneOf(number: number): string {
  return `138${String(number).padStart(8, '0')}`
}

export type Sent = { readonly status: number; readonly text: string } | 'lost'

/** Sends one message; `lost` where the connection ended before an answer. */
export async function send(url: string, { path, body }: Message): Promise<Sent> {
  const isBulk = typeof body === 'string'
  try {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': isBulk ? 'application/x-ndjson' : 'application/json' },
      body: isBulk ? body : JSON.stringify(body),
    })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return 'lost'
  }
}

/** Whether the server has said that it holds the whole message. */
export function isAcknowledged(message: Message, sent: Sent): boolean {
  if (sent === 'lost' || sent.status < 200 || sent.status > 202) return false
  if (typeof message.body !== 'string') return true
  const { stored, duplicates } = JSON.parse(sent.text) as AnswerBulk
  return stored + duplicates === message.alarms.length
}

/** Clients who send until they are through or an answer stays away. */
export interface Traffic {
  readonly acknowledged: readonly Message[]
  /**
   * Sends what is left with so many clients, each one message at a time. Who is not acknowledged gives the message back, to be
   * sent again in the next run, and stops. Gives every answer that was no acknowledgement.
   */
  run(url: string, clients: number, onAcknowledged?: (count: number) => void): Promise<readonly Sent[]>
  left(): number
}

export function trafficOf(messages: readonly Message[]): Traffic {
  const waiting = [...messages]
  const acknowledged: Message[] = []
  return {
    acknowledged,
    left: () => waiting.length,
    async run(url, clients, onAcknowledged = () => {}) {
      const troubles: Sent[] = []
      const client = async () => {
        for (;;) {
          const message = waiting.shift()
          if (message === undefined) return
          const sent = await send(url, message)
          if (!isAcknowledged(message, sent)) {
            troubles.push(sent)
            waiting.unshift(message)
            return
          }
          acknowledged.push(message)
          onAcknowledged(acknowledged.length)
        }
      }
      await Promise.all(Array.from({ length: clients }, client))
      return troubles
    },
  }
}
