import type { FastifyInstance } from 'fastify'
import { accessTo, type Access } from './access-table.ts'
import { ProblemError } from './problem.ts'
import { noteAccess, routeOf } from './record-access.ts'
import type { Services } from './services.ts'
import { thingAskedFor } from './thing-asked-for.ts'

/**
 * Refuses every request in a scope whose caller has none of the roles that `access-table.ts` names, and writes those roles
 * into the routes' documentation. Throws where a route is registered that nobody may call. To be added after what says who
 * calls, and before the routes.
 */
export function requireRights(scope: FastifyInstance, services: Services): void {
  const accessOf = (method: string, url: string) => accessTo(method, url.slice(scope.prefix.length))
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
    if (access?.kind !== 'roles' || access.roles.some((role) => request.caller.roles.has(role))) return
    const { actor, roles: held } = request.caller
    await noteAccess(services, actor, 'AccessRefused', {
      method: request.method,
      route: routeOf(request),
      reason: 'role',
      about: thingAskedFor(services.rows, request.params),
    })
    throw new ProblemError(
      403,
      `This is for those who may ${access.may}: ${access.roles.join(', ')}. ${actor} has the roles ${[...held].join(', ')}.`,
      { more: { roles: access.roles } },
    )
  })
}

function documented(access: Access): object {
  switch (access.kind) {
    case 'open':
      return { security: [] }
    case 'roles':
      return { 'x-roles': access.roles }
  }
}
