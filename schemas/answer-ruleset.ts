import { z } from 'zod'
import { rulesetActivated } from './machine.ts'
import { instant } from './instant.ts'

/** A ruleset, and since when it is or was in force. */
export const answerRuleset = rulesetActivated.extend({
  eventId: z.string(),
  activatedAt: instant,
  actor: z.string(),
})
