import type { FastifyInstance } from 'fastify'
import { accessTo, type Access } from './access-table.ts'
import type { Caller } from './caller.ts'
import { ProblemError } from './problem.ts'

/**
 * Refuses every request to a route under `prefix` whose caller has none of the roles that `access-table.ts` names, and
 * writes those roles into the route's documentation. Throws where a route is registered that nobody may call. To be added
 * after what says who calls, and before the routes.
 */
export function requireRights(scope: FastifyInstance, prefix: string): void {
  const accessOf = (method: string, url: string) => accessTo(method, url.slice(prefix.length))
  scope.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      const access = accessOf(method, route.url)
      if (access === undefined) {
        throw new Error(`${method} ${route.url} is in no right: say in access-table.ts who may call it`)
      }
      route.schema = { ...route.schema, ...documented(access) }
    }
  })
  scope.addHook('onRequest', async (request) => {
    const access = accessOf(request.method, request.routeOptions.url ?? '')
    if (access !== undefined) requireAccess(access, request.caller)
  })
}

function requireAccess({ roles, may }: Access, caller: Caller): void {
  if (roles.some((role) => caller.roles.has(role))) return
  const held = caller.roles.size === 0 ? 'none' : [...caller.roles].join(', ')
  throw new ProblemError(
    403,
    `This is for those who may ${may}: ${roles.join(', ')}. ${caller.actor} has the roles: ${held}.`,
    { more: { roles } },
  )
}

function documented({ roles }: Access): object {
  return { 'x-roles': roles }
}
