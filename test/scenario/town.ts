import { expect } from 'vitest'
import type { AnswerComplaint } from '../../schemas/answer-complaint.ts'
import type { StartedApp } from './start-app.ts'

export type Item = Readonly<Record<string, unknown>>
export type Point = readonly [number, number]
export const home: Point = [113.33, 23.14]

/** What departments do in a town, over HTTP. */
export interface Town {
  post(url: string, payload?: object): Promise<Item>
  get(url: string): Promise<Item>
  list(url: string): Promise<readonly Item[]>
  site(elementId: string, point?: Point, more?: object): Promise<Item>
  alarm(alarmId: string, elementId: string, more?: object): Promise<Item>
  /** A customer of their own calls, and is answered. */
  call(more?: object): Promise<AnswerComplaint>
  answerOf(complaintId: string): Promise<AnswerComplaint>
}

export function townIn(city: StartedApp): Town {
  let calls = 0
  const post: Town['post'] = async (url, payload = {}) => {
    const { status, body } = await city.send('POST', url, payload)
    expect(status, `${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
    return body
  }
  const get: Town['get'] = async (url) => (await city.send('GET', url)).body
  return {
    post,
    get,
    list: async (url) => (await city.send<{ items: Item[] }>('GET', url)).body.items,
    site: async (elementId, point = home, more = {}) =>
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
    alarm: async (alarmId, elementId, more = {}) =>
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
      (await city.send<AnswerComplaint>('GET', `/v1/complaints/${complaintId}`)).body,
  }
}
