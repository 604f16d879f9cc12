import type { Caller } from './caller.ts'

/** How long a ticket is good for. */
export const ticketMs = 30_000
/** Beyond this many the oldest are forgotten. */
const maxTickets = 10_000

/** Tickets for the live feed: browsers' EventSource sends no headers, and a key in an address ends up in logs. */
export interface LiveTickets {
  issue(caller: Caller): string
  /** Who got it, once. */
  redeem(ticket: string): Caller | undefined
}

export function createLiveTickets(nowMs: () => number, randomId: () => string): LiveTickets {
  const tickets = new Map<string, { readonly caller: Caller; readonly untilMs: number }>()
  return {
    issue: (caller) => {
      const ticket = randomId()
      tickets.set(ticket, { caller, untilMs: nowMs() + ticketMs })
      const oldest = tickets.size > maxTickets ? tickets.keys().next().value : undefined
      if (oldest !== undefined) tickets.delete(oldest)
      return ticket
    },
    redeem: (ticket) => {
      const known = tickets.get(ticket)
      tickets.delete(ticket)
      return known !== undefined && nowMs() <= known.untilMs ? known.caller : undefined
    },
  }
}
