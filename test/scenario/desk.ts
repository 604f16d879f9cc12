import { expect } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import { startApp, type StartedApp, type StartSettings } from './start-app.ts'

export const home = [113.33, 23.14] as const
export type Point = readonly [number, number]
export type Json = Readonly<Record<string, unknown>>

/** A city at work, and what a desk does with it through the HTTP API alone. */
export interface Desk {
  readonly city: StartedApp
  /** Posts what must be taken. */
  readonly post: (url: string, payload?: object) => Promise<Json>
  readonly list: (url: string) => Promise<readonly Json[]>
  readonly get: (url: string) => Promise<Json>
  readonly site: (elementId: string, point?: Point, more?: object) => Promise<Json>
  readonly alarm: (alarmId: string, elementId: string, more?: object) => Promise<Json>
  readonly clear: (alarmId: string) => Promise<Json>
  /** A customer without signal since a minute ago, near home unless told otherwise. */
  readonly call: (more?: object) => Promise<AnswerComplaint>
  readonly answerOf: (complaintId: string) => Promise<AnswerComplaint>
}

export async function startDesk(settings: StartSettings = {}): Promise<Desk> {
  return deskIn(await startApp({ at: '2026-03-01T02:00:00.000Z', ...settings }))
}

export function deskIn(city: StartedApp): Desk {
  let calls = 0
  const get = async (url: string): Promise<Json> => {
    const { status, body } = await city.send('GET', url)
    expect(status, `${url}: ${JSON.stringify(body)}`).toBe(200)
    return body
  }
  const post = async (url: string, payload: object = {}): Promise<Json> => {
    const { status, body } = await city.send('POST', url, payload)
    expect(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
    return body
  }
  return {
    city,
    post,
    get,
    list: async (url) => (await get(url))['items'] as readonly Json[],
    site: (elementId, point = home, more = {}) =>
      post('/v1/elements', {
        source: 'nms',
        elementId,
        kind: 'site',
        name: elementId,
        location: { point },
        services: ['mobile'],
        coverage: { kind: 'radius', radiusMeters: 800 },
        ...more,
      }),
    alarm: (alarmId, elementId, more = {}) =>
      post('/v1/alarms', {
        event: 'raised',
        source: 'nms',
        alarmId,
        elementId,
        alarmType: 'COMMUNICATIONS_ALARM',
        probableCause: 'outOfService',
        perceivedSeverity: 'CRITICAL',
        ...more,
      }),
    clear: (alarmId) => post('/v1/alarms', { event: 'cleared', source: 'nms', alarmId }),
    call: async (more = {}) => {
      calls += 1
      const { status, body } = await city.send<AnswerComplaint>('POST', '/v1/complaints', {
        id: `T-${calls}`,
        text: '没有信号',
        service: 'mobile',
        customer: { phone: `138${String(10_000_000 + calls)}` },
        place: { point: home, uncertaintyMeters: 100 },
        trouble: { from: new Date(city.clock.nowMs() - 60_000).toISOString(), uncertaintyMs: 120_000 },
        ...more,
      })
      expect(status, JSON.stringify(body)).toBe(201)
      return body
    },
    answerOf: async (complaintId) =>
      (await get(`/v1/complaints/${complaintId}`)) as unknown as AnswerComplaint,
  }
}
