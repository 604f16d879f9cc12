import { setTimeout as pause } from 'node:timers/promises'
import type { Event } from '../../schemas/event.ts'
import { wholeCity } from '../city-options.ts'
import { cityEvents } from '../city.ts'
import type { Piece } from '../piece.ts'
import { quantile, toRow, type Row } from '../row.ts'
import { startCauseway } from '../serving/child-server.ts'
import { alarmNow, complaintNow } from '../serving/live-lines.ts'
import { allTakenIn, postLines, send } from '../serving/post.ts'
import { linesUpToNow } from './ndjson-intake.ts'

const complaintsPerSecond = 200
const alarmsPerSecond = 2_000
const everyMs = 50
const usualSeconds = 15
const fullSeconds = 60
const usualBulk = 60_000
const fullBulk = 1_000_000
/** Answers that take longer are taken as they are: the server says 202 after `answerWaitMs`. */
const accepted = 202

type Complaint = Event & { readonly type: 'ComplaintReceived' }

/**
 * (f): from POST to answer, while alarms pour in, and during a bulk import, on a server that has taken the inventory in. Complaints are
 * sent on time, however late answers are.
 */
export const answerLatency: Piece = async ({ full, say }) => {
  const seconds = full ? fullSeconds : usualSeconds
  const bulkLines = full ? fullBulk : usualBulk
  const city = drawLoad(seconds)
  const bulk = linesUpToNow(bulkLines)
  const server = await startCauseway()
  try {
    say('inventory')
    await postLines(server.url, bulk.inventory)
    await allTakenIn(server.url)
    say(`${alarmsPerSecond} alarms/s for ${seconds} s`)
    const storm = new AbortController()
    const alarms = sendAlarms(server.url, city.alarms, storm.signal)
    alarms.catch(() => {})
    const inStorm = await sendComplaints(server.url, city.complaints.slice(0, seconds * complaintsPerSecond))
    storm.abort()
    const sentPerSecond = await alarms
    await allTakenIn(server.url)
    say(`bulk import of ${bulkLines}`)
    let importing = true
    const startedMs = performance.now()
    const imported = postLines(server.url, bulk.lines).finally(() => (importing = false))
    // Where a complaint fails, that is what is told, and not that the stopping server cut the import short.
    imported.catch(() => {})
    const inImport = await sendComplaints(
      server.url,
      city.complaints.slice(seconds * complaintsPerSecond),
      () => importing,
    )
    await imported
    const importSeconds = (performance.now() - startedMs) / 1000
    const note = `seed ${wholeCity.seed}; ${wholeCity.sites} sites; server in a process of its own, LMDB log, loopback`
    return [
      ...rowsOf(
        `${complaintsPerSecond} complaints/s while ${alarmsPerSecond} alarms/s arrive`,
        inStorm,
        `${seconds} s; ${Math.round(sentPerSecond)} alarms/s were taken; ${note}`,
      ),
      ...rowsOf(
        `${complaintsPerSecond} complaints/s during a bulk import`,
        inImport,
        `${bulkLines} events in ${importSeconds.toFixed(1)} s${full ? '' : ` (--full: ${fullBulk})`}; ${note}`,
      ),
    ]
  } finally {
    await server.stop()
  }
}

interface Latencies {
  readonly milliseconds: readonly number[]
  /** Answered 202: no answer within the time to wait. */
  readonly late: number
}

function rowsOf(name: string, { milliseconds, late }: Latencies, note: string): Row[] {
  const counted = `${milliseconds.length} complaints, ${late} of them answered 202 for want of time; ${note}`
  return [0.5, 0.99].map((share) =>
    toRow({
      name: `f POST to answer, p${share * 100}, ${name}`,
      unit: 'ms',
      value: quantile(milliseconds, share),
      note: counted,
    }),
  )
}

/** One after the other at their moments, until there are no more or `goOn` says so. */
async function sendComplaints(
  url: string,
  complaints: readonly Complaint[],
  goOn: () => boolean = () => true,
): Promise<Latencies> {
  const milliseconds: number[] = []
  const answers: Promise<void>[] = []
  let late = 0
  const startedMs = performance.now()
  for (const [at, complaint] of complaints.entries()) {
    const dueMs = startedMs + (at / complaintsPerSecond) * 1000
    const aheadMs = dueMs - performance.now()
    if (aheadMs > 1) await pause(aheadMs)
    if (!goOn()) break
    answers.push(
      send('POST', `${url}/v1/complaints`, complaintNow(complaint, Date.now())).then(({ status, body }) => {
        if (status >= 300) throw new Error(`a complaint was answered ${status}: ${body.slice(0, 300)}`)
        if (status === accepted) late += 1
        // From when it was due: a sender that was held up must not flatter the answer.
        milliseconds.push(performance.now() - dueMs)
      }),
    )
  }
  await Promise.all(answers)
  return { milliseconds, late }
}

/** Batches at their moments; answers how many a second were taken. */
async function sendAlarms(url: string, alarms: readonly Event[], signal: AbortSignal): Promise<number> {
  const perBatch = (alarmsPerSecond * everyMs) / 1000
  const startedMs = performance.now()
  let sent = 0
  let under = Promise.resolve()
  for (let batch = 0; !signal.aborted && sent < alarms.length; batch += 1) {
    const aheadMs = startedMs + batch * everyMs - performance.now()
    if (aheadMs > 1) await pause(aheadMs)
    // One request at a time, as a feed does: where the server is behind, the next waits.
    await under
    const nowMs = Date.now()
    const lines = alarms.slice(sent, sent + perBatch).map((event) => alarmNow(event, nowMs))
    sent += lines.length
    under = postLines(url, lines)
    under.catch(() => {})
  }
  await under
  return sent / ((performance.now() - startedMs) / 1000)
}

/** The city's alarms and complaints in their order, more densely than they come; enough complaints for both parts. */
function drawLoad(seconds: number): {
  readonly alarms: readonly Event[]
  readonly complaints: readonly Complaint[]
} {
  const alarms: Event[] = []
  const complaints: Complaint[] = []
  const importComplaints = 100_000
  const wantedComplaints = Math.min(wholeCity.complaints, seconds * complaintsPerSecond + importComplaints)
  for (const event of cityEvents({ ...wholeCity, seed: `${wholeCity.seed} live` })) {
    if (event.type === 'AlarmRaised' || event.type === 'AlarmCleared') alarms.push(event)
    if (event.type === 'ComplaintReceived') complaints.push(event as Complaint)
    if (alarms.length >= seconds * alarmsPerSecond && complaints.length >= wantedComplaints) break
  }
  return { alarms: alarms.slice(0, seconds * alarmsPerSecond), complaints }
}
