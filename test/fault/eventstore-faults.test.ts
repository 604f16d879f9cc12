import { expect, onTestFinished, test } from 'vitest'
import { openEventStoreLog } from '../../src/event-log/eventstore-log.ts'
import type { RecordedEvent } from '../../src/event-log/event-log.ts'
import { tempFolder } from '../cli/temp-folder.ts'
import { startStandIn, type StandIn } from '../event-log/esdb-stand-in/stand-in.ts'
import { isWorkedOff, readyOf, until } from './ready.ts'
import { serveHere } from './server-here.ts'
import { townMap, townTraffic, trafficOf, type Traffic } from './town-traffic.ts'
import { expectAsUndisturbed, expectHeldOnce, readWhole } from './undisturbed-run.ts'

const clients = 6

interface Story {
  readonly standIn: StandIn
  readonly url: string
  readonly traffic: Traffic
}

/** Troubles of the line and of the cluster, by name; each goes on while clients send. */
const troubles: Record<string, (story: Story) => Promise<void>> = {
  'connections break again and again, also between storing and answering': async ({ standIn, traffic }) => {
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
      await until(() => traffic.acknowledged.length >= share * total)
      standIn.faults.next('append', 'lost-after')
      standIn.wire.drop()
    }
  },
  'the server freezes with appends in hand, /ready says so, and goes on': async ({
    standIn,
    traffic,
    url,
  }) => {
    await until(() => traffic.acknowledged.length >= total / 3)
    standIn.wire.freeze()
    const ready = await readyOf(url)
    standIn.wire.thaw()
    expect(ready).toMatchObject({ status: 503, ready: false })
    expect(ready.reasons.join()).toMatch(/cannot be read: nothing was heard of it for 2000 ms/)
  },
  'the leader goes, an election takes its time, and another node leads': async ({
    standIn,
    traffic,
    url,
  }) => {
    await until(() => traffic.acknowledged.length >= total / 3)
    standIn.faults.next('append', 'shutting-down', 'lost-after')
    await until(() => standIn.faults.waiting('append') === 0)
    await standIn.wire.takeDown()
    expect((await readyOf(url)).ready).toBe(false)
    standIn.faults.next('append', 'not-leader', 'starting', 'not-leader', 'starting')
    standIn.faults.next('read', 'not-leader', 'starting')
    standIn.faults.next('subscribe', 'not-leader', 'starting')
    await standIn.wire.bringUp()
  },
}

const total = 90

test.each(Object.keys(troubles))(
  'L1, L2, E2: nothing acknowledged is lost and nothing doubled, and /ready tells the truth, while %s',
  { timeout: 60_000 },
  async (trouble) => {
    const standIn = await startStandIn()
    onTestFinished(() => standIn.close())
    const server = await serveHere({ data: tempFolder(), log: standIn.connectionString })
    const { url } = server
    const traffic = trafficOf([...townMap(), ...townTraffic(total, Date.now() - 600_000)])
    const story = troubles[trouble]?.({ standIn, url, traffic })
    // Whoever is told to send again later does so.
    while (traffic.left() > 0) await traffic.run(url, clients)
    await story
    await until(async () => isWorkedOff(await readyOf(url)))
    const complaint = await fetch(`${url}/v1/complaints/C-3`)
    expect(await complaint.json()).toMatchObject({ verdict: 'explained' })
    await server.close()
    const events = await eventsIn(standIn)
    expectHeldOnce(events, traffic.acknowledged)
    await expectAsUndisturbed(events)
  },
)

async function eventsIn({ connectionString }: StandIn): Promise<RecordedEvent[]> {
  const log = await openEventStoreLog({ connectionString })
  try {
    return await readWhole(log)
  } finally {
    await log.close()
  }
}
