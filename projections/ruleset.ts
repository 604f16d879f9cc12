import type { RulesetActivated } from '../schemas/machine.ts'
import { key, newestFirst } from './key.ts'
import { pageOf, type Page, type PageRequest } from './page.ts'
import { projection, table } from './projection.ts'
import { rowOf, type Rows } from './rows.ts'

/** A ruleset and since when it was in force. Keys: `active`, and `history`, inverted `recordedAt`, position. */
export interface RulesetRow extends RulesetActivated {
  readonly eventId: string
  readonly activatedAt: string
  readonly actor: string
}

const rulesets = table<RulesetRow>('ruleset')

export const rulesetProjection = projection('ruleset', 1, {
  RulesetActivated: (event, rows) => {
    const row = {
      ...event.data,
      eventId: event.id,
      activatedAt: event.recordedAt,
      actor: event.meta.actor,
    }
    rows.put(rulesets, 'active', row)
    rows.put(rulesets, key('history', newestFirst(event.recordedAt), event.position), row)
  },
})

export function activeRuleset(rows: Rows): RulesetRow | undefined {
  return rowOf(rows, rulesets, 'active')
}

/** The newest first. */
export function rulesetHistory(rows: Rows, request: PageRequest): Page<RulesetRow> {
  return pageOf(rows, rulesets, [key('history', '')], request, (row) => row)
}
