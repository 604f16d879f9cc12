import type { CauseAttributed } from '../../schemas/attribution.ts'
import type { Event, EventOf } from '../../schemas/event.ts'
import { upcast } from '../../schemas/upcast.ts'
import type { CliContext, Terminal } from './context.ts'
import type { Server } from './start-server.ts'

/** Complaints told in a real second; the others are counted. */
const maxToldPerSecond = 2
/** When the reader is shown how to ask for a complaint's cause: for one that is clear, or in the end for any. */
const curlAfterMs = 10_000
const curlForAnyAfterMs = 20_000

const colours = { red: 31, green: 32, yellow: 33, cyan: 36, grey: 90, bold: 1 }
type Colour = keyof typeof colours

/** Tells on the terminal what the engine decides, one line for each thing of interest, until the stop signal. */
export async function narrate({ services, url }: Server, context: CliContext): Promise<void> {
  const { stdout, stopSignal, nowMs } = context
  const paint = painter(stdout)
  const say = (at: string, colour: Colour, kind: string, text: string) =>
    stdout.write(`${paint('grey', at.slice(11, 19))}  ${paint(colour, kind.padEnd(9))}  ${text}\n`)
  const startedMs = nowMs()
  let showCurl = true
  let second = 0
  let toldInSecond = 0
  let untold = 0

  const tellComplaint = ({ recordedAt, data }: EventOf<'CauseAttributed'>) => {
    if (data.verdict !== 'explained' || data.supersedes !== undefined) return
    const now = Math.floor(nowMs() / 1000)
    if (now !== second) [second, toldInSecond] = [now, 0]
    toldInSecond += 1
    if (toldInSecond > maxToldPerSecond) {
      untold += 1
      return
    }
    const more = untold === 0 ? '' : paint('grey', ` (and ${untold} more complaints)`)
    untold = 0
    say(recordedAt, 'cyan', 'explained', `${explanation(data, paint)}${more}`)
    if (showCurl && nowMs() - startedMs >= (data.band === 'say' ? curlAfterMs : curlForAnyAfterMs)) {
      showCurl = false
      stdout.write(`\n${paint('bold', 'Ask for the cause of this complaint:')}\n`)
      stdout.write(`  curl -s ${url}/v1/complaints/${encodeURIComponent(data.complaintId)}\n\n`)
    }
  }

  const tell = (event: Event) => {
    const at = event.recordedAt
    if (event.type === 'CauseAttributed') tellComplaint(event)
    else if (event.type === 'OutageOpened')
      say(at, 'red', 'outage', `${event.data.title} (${event.data.outageId})`)
    else if (event.type === 'OutageEnded')
      say(at, 'green', 'over', `${event.data.outageId}: ${event.data.reason}`)
    else if (event.type === 'ClusterOpened') {
      say(at, 'yellow', 'cluster', `${event.data.clusterId}: complaints of one kind in one place`)
    }
  }

  const after = await services.log.head()
  const following = services.log.subscribe({ signal: stopSignal, ...(after === undefined ? {} : { after }) })
  for await (const { events } of following) for (const event of events) tell(upcast(event))
}

function explanation({ words, chain, probability, band }: CauseAttributed, paint: Paint): string {
  const because = chain.map(({ title }) => title).join(' ← ')
  const percent = `${Math.round(probability * 100)}%`.padStart(4)
  return `${percent} ${band.padEnd(4)}  ${because}  ${paint('grey', `“${words.en}”`)}`
}

type Paint = (colour: Colour, text: string) => string

function painter({ isTTY }: Terminal): Paint {
  return (colour, text) => (isTTY === true ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text)
}
