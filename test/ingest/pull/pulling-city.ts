import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { puller } from '../../../src/config/puller.ts'
import { runPullerOnce, type PullersOptions } from '../../../src/ingest/pull/run-pullers.ts'
import type { PullResult } from '../../../src/ingest/pull/pull-once.ts'
import { deskIn, type Desk } from '../../scenario/desk.ts'
import { startApp } from '../../scenario/start-app.ts'

/** A city that listens on loopback, and pullers that deliver to it. */
export interface PullingCity extends Desk {
  readonly options: PullersOptions
  /** Runs one puller once; it must give one result. */
  readonly pull: (settings: object) => Promise<PullResult>
  readonly pullAll: (settings: object) => Promise<readonly PullResult[]>
}

export async function startPullingCity(at = '2026-03-01T02:00:00.000Z'): Promise<PullingCity> {
  const city = await startApp({ at })
  onTestFinished(() => city.stop())
  const url = await city.app.listen({ host: '127.0.0.1', port: 0 })
  const stop = new AbortController()
  const options: PullersOptions = {
    pullers: [],
    server: { url, clockMs: Date.now, maxBusyMs: 5_000 },
    env: { NMS_TOKEN: 'open sesame' },
    nowMs: city.clock.nowMs,
    stopped: stop.signal,
    onResult: () => {},
    onTrouble: (error) => {
      throw error
    },
  }
  const pullAll = async (settings: object) => {
    const results = await runPullerOnce(
      puller.parse({ name: 'p', source: 'nms', intervalMs: 100, ...settings }),
      options,
    )
    await city.settle()
    return results
  }
  return {
    ...deskIn(city),
    options,
    pullAll,
    pull: async (settings) => {
      const [result, ...more] = await pullAll(settings)
      if (result === undefined || more.length > 0) throw new Error(`${more.length} results more than one`)
      return result
    },
  }
}

/** Another system's server on loopback. */
export async function startNms(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
