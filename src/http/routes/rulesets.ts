import { answerRuleset } from '../../../schemas/answer-ruleset.ts'
import { answerRecorded } from '../../../schemas/answer-recorded.ts'
import { canonicalJson } from '../../../schemas/event-id.ts'
import { ruleset, type Ruleset } from '../../../schemas/ruleset.ts'
import { activeRuleset, rulesetHistory } from '../../../projections/ruleset.ts'
import { engineVersion } from '../../correlate/engine.ts'
import { rulesetFaults } from '../../domain/ruleset-faults.ts'
import { statusOf } from '../act-route.ts'
import { problems, type Api } from '../api.ts'
import { ProblemError } from '../problem.ts'
import { addListRoute, addThingRoute } from '../read-route.ts'
import { eventOf, record } from '../record.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'

const tag = 'rulesets'
/** Versions that a new one is compared with. */
const maxCompared = 500

/** What an operator may tune: versioned, validated, in force from its activation on. */
export function rulesetRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    {
      path: '/rulesets',
      tag,
      summary: 'Rulesets and since when each was in force, newest first',
      item: answerRuleset,
    },
    {},
    ({ rows, page }) => rulesetHistory(rows, page),
  )
  addThingRoute(
    api,
    services,
    { path: '/rulesets/active', tag, what: 'ruleset', summary: 'The ruleset in force', item: answerRuleset },
    (rows) => activeRuleset(rows),
  )
  api.post(
    '/rulesets',
    {
      schema: {
        tags: [tag],
        summary: 'Validate a ruleset and put it in force',
        body: ruleset,
        response: { 200: answerRecorded, 201: answerRecorded, ...problems },
      },
    },
    async (request, reply) => {
      const rules = request.body
      const faults = rulesetFaults(rules)
      if (faults.length > 0) {
        const errors = faults.map((fault) => ({ in: 'body' as const, ...fault }))
        throw new ProblemError(400, 'The ruleset contradicts itself.', { errors })
      }
      refuseTakenVersion(services, rules)
      const data = { ruleset: rules, engineVersion: engineVersion }
      const own = onBehalfOf(services, request.caller)
      const event = eventOf(own, 'RulesetActivated', data, {
        stamp: {},
        subject: rules.version,
      })
      const answer = await record(own, event)
      return reply.code(statusOf(answer)).send(answer)
    },
  )
}

/** A version names one ruleset for ever, since attributions name it. */
function refuseTakenVersion({ rows }: Services, rules: Ruleset): void {
  const { items } = rulesetHistory(rows, { limit: maxCompared })
  const known = items.find((row) => row.ruleset.version === rules.version)
  if (known === undefined || canonicalJson(known.ruleset) === canonicalJson(rules)) return
  throw new ProblemError(
    409,
    `Version ${rules.version} is taken by another ruleset; give this one a version of its own.`,
    {
      errors: [{ in: 'body', pointer: '/version', detail: 'is taken' }],
    },
  )
}
