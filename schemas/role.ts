import { z } from 'zod'

/**
 * What somebody is here for. `agent` answers customers, `operations` works outages, `analyst` reads and replays, `publisher`
 * enters works, gaps, advisories and places, `administrator` keeps users, rules and the server itself. `feed` is for systems
 * alone: it delivers events and reads nothing of customers.
 */
export const roles = ['agent', 'operations', 'analyst', 'publisher', 'administrator', 'feed'] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>
