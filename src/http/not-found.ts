import type { FastifyInstance, RouteOptions } from 'fastify'
import { ProblemError, sendProblem } from './problem.ts'

/** Answers what no route answers: 405 with `Allow` where the path has other methods, else 404. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const known: { readonly steps: readonly string[]; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }: RouteOptions) => {
    known.push({ steps: url.split('/'), methods: [method].flat() })
  })
  app.setNotFoundHandler((request, reply) => {
    const steps = (request.url.split('?', 1)[0] ?? '').split('/')
    const allowed = new Set(
      known.filter((route) => fits(route.steps, steps)).flatMap(({ methods }) => methods),
    )
    if (allowed.size === 0) return sendProblem(reply, new ProblemError(404, 'There is nothing here.'))
    const allow = [...allowed].sort().join(', ')
    const detail = `${request.method} is not possible here; possible: ${allow}.`
    return sendProblem(reply, new ProblemError(405, detail, { headers: { allow } }))
  })
}

function fits(pattern: readonly string[], steps: readonly string[]): boolean {
  return (
    pattern.length === steps.length && pattern.every((step, at) => step.startsWith(':') || step === steps[at])
  )
}
