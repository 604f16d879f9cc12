import { expect } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { startApp, type Sent, type StartedApp } from './start-app.ts'

export type Json = Readonly<Record<string, unknown>>
export type Who = 'everywhere' | 'agent-west' | 'ops-west' | 'agent-east' | 'ops-east'

export const west = [113.1, 23.1] as const
export const east = [114.1, 23.1] as const

const keyOf = (who: Who) => `key-of-${who}-0123456789`
const boxed = (lon: number) => ({ kind: 'box', box: [lon - 0.4, 22.6, lon + 0.4, 23.6] })

/** A city of two regions, whoever works there, and what happens in them. */
export interface TwoRegions {
  readonly city: StartedApp
  readonly headers: (who: Who) => Record<string, string>
  readonly send: (
    who: Who,
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    payload?: object,
  ) => Promise<Sent<Json>>
  /** What must be answered. */
  readonly get: (who: Who, url: string) => Promise<Json>
  readonly list: (who: Who, url: string) => Promise<readonly Json[]>
  readonly post: (who: Who, url: string, payload?: object) => Promise<Json>
  readonly site: (elementId: string, point: readonly [number, number], more?: object) => Promise<Json>
  readonly alarm: (alarmId: string, elementId: string) => Promise<Json>
  readonly call: (who: Who, id: string, point: readonly [number, number] | undefined) => Promise<Json>
}

export async function startTwoRegions(): Promise<TwoRegions> {
  const { apiKeys, regions, limits } = configSchema.parse({
    limits: { maxRefusalsRecordedAMinute: 1_000 },
    regions: [
      { id: 'west', name: 'West', area: boxed(113.1) },
      { id: 'east', name: 'East', area: boxed(114.1) },
    ],
    apiKeys: [
      { name: 'everywhere', key: keyOf('everywhere'), personalData: true },
      ...(['west', 'east'] as const).flatMap((region) => [
        { name: `agent-${region}`, key: keyOf(`agent-${region}`), roles: ['agent'], regions: [region] },
        { name: `ops-${region}`, key: keyOf(`ops-${region}`), regions: [region], personalData: true },
      ]),
    ],
  })
  const city = await startApp({ at: '2026-03-01T02:00:00.000Z', config: { apiKeys, regions, limits } })
  const headers = (who: Who) => ({ 'x-api-key': keyOf(who) })
  const send: TwoRegions['send'] = (who, method, url, payload) =>
    city.send(method, url, payload, headers(who))
  const get: TwoRegions['get'] = async (who, url) => {
    const { status, body } = await send(who, 'GET', url)
    expect(status, `${who} ${url}: ${JSON.stringify(body)}`).toBe(200)
    return body
  }
  const post: TwoRegions['post'] = async (who, url, payload = {}) => {
    const { status, body } = await send(who, 'POST', url, payload)
    expect(status, `${who} ${url}: ${JSON.stringify(body)}`).toBeLessThan(300)
    return body
  }
  return {
    city,
    headers,
    send,
    get,
    list: async (who, url) => (await get(who, url))['items'] as readonly Json[],
    post,
    site: (elementId, point, more = {}) =>
      post('everywhere', '/v1/elements', {
        source: 'nms',
        elementId,
        kind: 'site',
        name: elementId,
        location: { point },
        services: ['mobile'],
        coverage: { kind: 'radius', radiusMeters: 800 },
        subscribers: 100,
        ...more,
      }),
    alarm: (alarmId, elementId) =>
      post('everywhere', '/v1/alarms', {
        event: 'raised',
        source: 'nms',
        alarmId,
        elementId,
        alarmType: 'COMMUNICATIONS_ALARM',
        probableCause: 'outOfService',
        perceivedSeverity: 'CRITICAL',
      }),
    call: (who, id, point) =>
      post(who, '/v1/complaints', {
        id,
        text: '没有信号',
        service: 'mobile',
        customer: { phone: `138${String(10_000_000 + Number(id.replace(/\D/g, '')))}` },
        ...(point === undefined ? {} : { place: { point, uncertaintyMeters: 100 } }),
        trouble: { from: new Date(city.clock.nowMs() - 60_000).toISOString(), uncertaintyMs: 120_000 },
      }),
  }
}
