import { liveMessageOf, liveSnapshot } from '../../projections/live-messages.ts'
import type { Rows } from '../../projections/rows.ts'
import type { Position } from '../event-log/event-log.ts'
import type { TimedMessages } from './live-history.ts'
import { resetText, writeMessage, type WrittenMessage } from './live-text.ts'

/** Who sees less than everything: those of one name see the same. */
export interface LiveEyes {
  readonly name: string
  /** What they see of the rows as they are; asked anew whenever those have changed. */
  rows(): Rows
}

/** What some eyes see at one position, made once for all clients that have them. */
interface Look {
  readonly position: Position
  readonly rows: Rows
  readonly seen: Map<string, readonly WrittenMessage[]>
  snapshot?: readonly WrittenMessage[]
}

/** The most eyes whose looks are kept; the oldest are looked through anew. */
const maxEyes = 200
/** After a look nobody looks for so many times as long as it took: counting the seen part of a large outage must not starve others. */
const restTimes = 9

export interface LiveLooks {
  /** The messages as these eyes see what they are about, as it stands now; what they do not see is left out. */
  see(eyes: LiveEyes, messages: readonly WrittenMessage[]): readonly WrittenMessage[]
  snapshot(eyes: LiveEyes): TimedMessages
  /** How long whoever would look has to wait first. */
  restMs(): number
}

/** Since each message says how its entity stands now, it may be made anew, of fewer rows, when it is sent. */
export function liveLooks(positionNow: () => Position, nowMs: () => number): LiveLooks {
  const looks = new Map<string, Look>()
  const lookOf = (eyes: LiveEyes): Look => {
    const position = positionNow()
    const known = looks.get(eyes.name)
    if (known?.position === position) return known
    const fresh: Look = { position, rows: eyes.rows(), seen: new Map() }
    looks.delete(eyes.name)
    looks.set(eyes.name, fresh)
    const oldest = looks.size > maxEyes ? looks.keys().next().value : undefined
    if (oldest !== undefined) looks.delete(oldest)
    return fresh
  }
  let freeAtMs = 0
  const look = <Seen>(through: () => Seen): Seen => {
    const begunMs = nowMs()
    const seen = through()
    const endedMs = nowMs()
    freeAtMs = endedMs + (endedMs - begunMs) * restTimes
    return seen
  }
  const see: LiveLooks['see'] = (eyes, messages) => {
    const { rows, seen } = lookOf(eyes)
    return messages.flatMap((message) => {
      const { topic, key } = message
      if (topic === 'feed' || topic === 'reset') return [message]
      const known = seen.get(key)
      if (known !== undefined) return known
      const now = liveMessageOf(rows, { topic, id: key.slice(topic.length + 1) })
      const written = now === undefined ? [] : [writeMessage(now)]
      seen.set(key, written)
      return written
    })
  }
  const snapshot: LiveLooks['snapshot'] = (eyes) => {
    const known = lookOf(eyes)
    known.snapshot ??= [resetText, ...liveSnapshot(known.rows).map(writeMessage)]
    return { position: known.position, messages: known.snapshot }
  }
  return {
    see: (eyes, messages) => look(() => see(eyes, messages)),
    snapshot: (eyes) => look(() => snapshot(eyes)),
    restMs: () => Math.max(0, freeAtMs - nowMs()),
  }
}
