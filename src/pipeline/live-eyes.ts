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

export interface LiveLooks {
  /** The messages as these eyes see what they are about, as it stands now; what they do not see is left out. */
  see(eyes: LiveEyes, messages: readonly WrittenMessage[]): readonly WrittenMessage[]
  snapshot(eyes: LiveEyes): TimedMessages
}

/** Since each message says how its entity stands now, it may be made anew, of fewer rows, when it is sent. */
export function liveLooks(positionNow: () => Position): LiveLooks {
  const looks = new Map<string, Look>()
  const lookOf = (eyes: LiveEyes): Look => {
    const position = positionNow()
    const known = looks.get(eyes.name)
    if (known?.position === position) return known
    const look: Look = { position, rows: eyes.rows(), seen: new Map() }
    looks.delete(eyes.name)
    looks.set(eyes.name, look)
    const oldest = looks.size > maxEyes ? looks.keys().next().value : undefined
    if (oldest !== undefined) looks.delete(oldest)
    return look
  }
  return {
    see(eyes, messages) {
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
    },
    snapshot(eyes) {
      const look = lookOf(eyes)
      look.snapshot ??= [resetText, ...liveSnapshot(look.rows).map(writeMessage)]
      return { position: look.position, messages: look.snapshot }
    },
  }
}
