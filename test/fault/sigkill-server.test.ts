import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { openLmdbReader } from '../../src/event-log/lmdb-reads.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { serve, type ServingProcess } from './serving-process.ts'
import { isWorkedOff, readyOf, until } from './ready.ts'
import { townMap, townTraffic, trafficOf, type Traffic } from './town-traffic.ts'
import { answersOf, expectAsUndisturbed, expectHeldOnce, readWhole, type Answers } from './undisturbed-run.ts'

const clients = 6

/** How a run of the server ends. */
interface Ending {
  readonly name: string
  readonly end: (server: ServingProcess, traffic: Traffic, data: string) => Promise<void>
}

/** Kills the server in the midst of its work, when so many more messages were acknowledged. */
function killedAfter(acknowledgements: number): Ending {
  return {
    name: `SIGKILL after ${acknowledgements} acknowledgements`,
    end: async (server, traffic) => {
      const wanted = traffic.acknowledged.length + acknowledgements
      const troubles = await traffic.run(server.url, clients, (count) => {
        if (count === wanted) server.signal('SIGKILL')
      })
      // Nobody is told that a server which dies has failed: the line is cut.
      expect(troubles.filter((sent) => sent !== 'lost')).toEqual([])
      expect(await server.ended).toMatchObject({ signal: 'SIGKILL' })
    },
  }
}

const stopped: Ending = {
  name: 'a stop in good order',
  end: async (server, _traffic, data) => {
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(existsSync(join(data, 'engine.checkpoint'))).toBe(true)
  },
}

/** Kills a server that stops, as soon as it has begun to write its checkpoint. */
const killedAtCheckpoint: Ending = {
  name: 'SIGKILL while the checkpoint is written',
  end: async (server, _traffic, data) => {
    const watcher = watch(data, (_kind, file) => {
      if (file?.startsWith('engine.checkpoint') === true) server.signal('SIGKILL')
    })
    try {
      await server.end('SIGTERM')
    } finally {
      watcher.close()
    }
  },
}

const endings = [
  killedAfter(3),
  killedAfter(40),
  stopped,
  killedAfter(25),
  killedAtCheckpoint,
  killedAfter(1),
]

test(
  'L1, L2, E2, P1: a server killed at every boundary under load loses nothing acknowledged, doubles nothing, and answers as an undisturbed one',
  { timeout: 120_000 },
  async () => {
    const data = tempFolder()
    const startMs = Date.now() - 600_000
    const traffic = trafficOf([...townMap(), ...townTraffic(110, startMs)])
    for (const ending of endings) {
      const server = await serve(data)
      await expectSound(server, data, traffic)
      await ending.end(server, traffic, data)
    }
    const server = await serve(data)
    expect(await traffic.run(server.url, clients)).toEqual([])
    expect(traffic.left()).toBe(0)
    const answers = await expectSound(server, data, traffic)
    expect(answers.get('/v1/complaints/C-3')).toMatchObject({ verdict: 'explained' })
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(server.stderr()).toBe('')
  },
)

async function expectSound(server: ServingProcess, data: string, traffic: Traffic): Promise<Answers> {
  const complaintIds = traffic.acknowledged.flatMap(({ complaints }) => complaints)
  const { events, answers } = await atRest(server, data, complaintIds)
  expectHeldOnce(events, traffic.acknowledged)
  await expectAsUndisturbed(events, answers, complaintIds)
  return answers
}

/** Log and answers at one moment: asked again where the clock ticked in between. */
async function atRest(
  server: ServingProcess,
  data: string,
  complaintIds: readonly string[],
): Promise<{ readonly events: readonly RecordedEvent[]; readonly answers: Answers }> {
  const get = async (path: string): Promise<unknown> => (await fetch(`${server.url}${path}`)).json()
  for (;;) {
    await until(async () => isWorkedOff(await readyOf(server.url)))
    const log = await openLmdbReader(join(data, 'log'))
    try {
      const head = await log.head()
      const answers = await answersOf(get, complaintIds)
      const events = await readWhole(log)
      if (events.at(-1)?.position === head && isWorkedOff(await readyOf(server.url)))
        return { events, answers }
    } finally {
      await log.close()
    }
  }
}
