import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { role } from '../../schemas/role.ts'
import type { AccessRecords, AccessWrite } from './access-records.ts'

/** What a person who came by another system may do; of users kept here it is read anew with each request. */
const grant = z.object({
  roles: z.array(role),
  regions: z.array(z.string()).optional(),
  personalData: z.boolean(),
})
export type Grant = Readonly<z.infer<typeof grant>>

/** As stored; change it only by adding. Milliseconds since 1970. */
const session = z.object({
  actor: z.string(),
  name: z.string().optional(),
  by: z.enum(['password', 'oidc']),
  grant: grant.optional(),
  csrfToken: z.string(),
  startedMs: z.number(),
  usedMs: z.number(),
})
export type Session = Readonly<z.infer<typeof session>>

export interface SessionLimits {
  readonly sessionIdleMs: number
  readonly sessionMs: number
  readonly maxSessionsPerUser: number
  readonly maxSessions: number
}

/** Who is signed in. Kept, so that a restart signs nobody out; of a token only its hash, which opens nothing. */
export interface Sessions {
  /** Gives the token, which is told once. Beyond `maxSessionsPerUser` the user's oldest one ends. */
  start(begun: Pick<Session, 'actor' | 'name' | 'by' | 'grant'>): {
    readonly token: string
    readonly session: Session
  }
  /** The session of a token; `undefined` where it has ended. */
  look(token: string): Session | undefined
  /** The same, which thereby is in use. */
  use(token: string): Session | undefined
  end(token: string): void
  /** How many each has, by actor. */
  counts(): ReadonlyMap<string, number>
  /** Milliseconds since 1970, whatever the use. */
  endsMs(session: Session): number
}

export interface SessionsOptions {
  readonly records: AccessRecords
  readonly limits: SessionLimits
  readonly nowMs: () => number
}

const prefix = 'session/'
const tokenBytes = 32
/** Use is written down this much later than it happens, at most: not every read should become a write. */
const writtenShare = 0.1
/** What has ended is removed with one start in so many. */
const startsASweep = 100

interface Kept {
  readonly key: string
  readonly session: Session
}

export function createSessions({ records, limits, nowMs }: SessionsOptions): Sessions {
  let starts = 0
  const isOver = ({ startedMs, usedMs }: Session) =>
    nowMs() >= startedMs + limits.sessionMs || nowMs() >= usedMs + limits.sessionIdleMs
  const look = (token: string): Session | undefined => {
    const text = records.get(keyOf(token))
    const found = text === undefined ? undefined : parsed(text)
    return found === undefined || isOver(found) ? undefined : found
  }
  /** Leaves the newest `max` of those that last. */
  const thin = (write: AccessWrite, kept: readonly Kept[], max: number) => {
    const lasting = kept
      .filter(({ session: one }) => !isOver(one))
      .sort((left, right) => right.session.startedMs - left.session.startedMs)
      .slice(0, max)
    const stays = new Set(lasting)
    for (const one of kept) if (!stays.has(one)) write.remove(one.key)
  }
  return {
    start: (begun) => {
      const token = `${actorKey(begun.actor)}.${randomBytes(tokenBytes).toString('base64url')}`
      const started = {
        ...begun,
        csrfToken: randomBytes(tokenBytes).toString('base64url'),
        startedMs: nowMs(),
        usedMs: nowMs(),
      }
      records.change((write) => {
        thin(write, keptUnder(records, ownPrefix(begun.actor)), limits.maxSessionsPerUser - 1)
        if (starts % startsASweep === 0) thin(write, keptUnder(records, prefix), limits.maxSessions - 1)
        write.put(keyOf(token), JSON.stringify(started))
      })
      starts += 1
      return { token, session: started }
    },
    look,
    use: (token) => {
      const found = look(token)
      if (found === undefined || nowMs() < found.usedMs + limits.sessionIdleMs * writtenShare) return found
      const key = keyOf(token)
      const used = { ...found, usedMs: nowMs() }
      try {
        records.change((write) => {
          // Another process may have ended it in between.
          if (records.get(key) !== undefined) write.put(key, JSON.stringify(used))
        })
      } catch {
        // A full disk keeps nobody from reading; the session then ends earlier than it need.
        return found
      }
      return used
    },
    end: (token) => records.change((write) => write.remove(keyOf(token))),
    counts: () => {
      const counts = new Map<string, number>()
      for (const { session: found } of keptUnder(records, prefix)) {
        if (!isOver(found)) counts.set(found.actor, (counts.get(found.actor) ?? 0) + 1)
      }
      return counts
    },
    endsMs: ({ startedMs }) => startedMs + limits.sessionMs,
  }
}

/** As part of a change to the user. */
export function endSessionsOf(records: AccessRecords, write: AccessWrite, actor: string): void {
  for (const { key } of keptUnder(records, ownPrefix(actor))) write.remove(key)
}

function keptUnder(records: AccessRecords, start: string): readonly Kept[] {
  return [...records.scan(start)].map(([key, text]) => ({ key, session: parsed(text) }))
}

function ownPrefix(actor: string): string {
  return `${prefix}${actorKey(actor)}/`
}

/** A token begins with it, so that all sessions of one person lie together. */
function actorKey(actor: string): string {
  return digestOf(actor).slice(0, 22)
}

function keyOf(token: string): string {
  return `${prefix}${token.slice(0, 22)}/${digestOf(token)}`
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function parsed(text: string): Session {
  return session.parse(JSON.parse(text))
}
