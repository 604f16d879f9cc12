import type { FastifyInstance } from 'fastify'
import { ProblemError } from './problem.ts'
import { noteAccess, routeOf } from './record-access.ts'
import { regionRuleOf } from './region-table.ts'
import type { Services } from './services.ts'
import { refusedThing, thingAskedFor } from './thing-asked-for.ts'

/**
 * Refuses callers who are bound to regions where a route of a scope is of the whole network alone, and notes what is refused for
 * regions. Throws where a route is registered of which nobody has said, in `region-table.ts`, how it keeps to them. To be added
 * after what says who calls.
 */
export function requireRegions(scope: FastifyInstance, services: Services): void {
  const ruleOf = (method: string, url: string) => regionRuleOf(method, url.slice(scope.prefix.length))
  scope.addHook('onRoute', ({ method: methods, url }) => {
    for (const method of [methods].flat()) {
      if (ruleOf(method, url) !== undefined) continue
      throw new Error(`${method} ${url} is in no rule: say in region-table.ts how it keeps to regions`)
    }
  })
  scope.addHook('onRequest', async ({ caller, method, routeOptions }) => {
    if (caller.regions === undefined) return
    const rule = ruleOf(method, routeOptions.url ?? '')
    if (rule?.kind !== 'whole') return
    throw new ProblemError(
      403,
      `${caller.actor} works for ${caller.regions.join(', ')}, and this is not for some regions alone: ${rule.why ?? ''}. Use a key that is bound to no region.`,
      { more: { regions: caller.regions }, audited: { reason: 'region' } },
    )
  })
  scope.addHook('onError', async (request, _reply, error) => {
    if (!(error instanceof ProblemError) || error.extras.audited === undefined) return
    const { reason, thing } = error.extras.audited
    await noteAccess(services, request.caller.actor, 'AccessRefused', {
      method: request.method,
      route: routeOf(request),
      reason,
      about: thing === undefined ? thingAskedFor(services.rows, request.params) : refusedThing(thing),
    })
  })
}
