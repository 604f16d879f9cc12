import { z } from 'zod'
import { addDays, daysFromTo } from '../../projections/local-day.ts'
import { dayIn, maxStatisticsDays, type Period } from '../../projections/statistics-queries.ts'
import { toInstant } from '../../schemas/instant.ts'
import { boxText } from './page-query.ts'
import { ProblemError } from './problem.ts'
import type { Sight } from './sight.ts'

/** Where no beginning is asked for, this many days. */
const usualDays = 30

/** As far as any event may lie. */
const day = z.iso
  .date({ abort: true })
  .refine((text) => text >= '1990-01-01' && text <= '2100-01-01', 'lies outside 1990 to 2100')

/** What a question about a period takes. */
export const periodFields = {
  from: day.optional().describe(`First day, of the ruleset's zone; left out: ${usualDays} days in all`),
  to: day.optional().describe('Last day; left out: today'),
  box: boxText.optional().describe('west,south,east,north: cells whose middle lies in it'),
}

/** The period that is asked for, and which day it is. Throws the problem of one that ends before it begins, or is too long. */
export function periodAsked(
  { rows, nowMs }: Sight,
  query: { readonly [Name in keyof typeof periodFields]?: z.output<(typeof periodFields)[Name]> },
): Period & { readonly today: string } {
  const today = dayIn(rows, toInstant(nowMs))
  const to = query.to ?? today
  const from = query.from ?? addDays(to, 1 - usualDays)
  if (from > to) throw badPeriod(`lies after the last day, ${to}`)
  if (daysFromTo(from, to) > maxStatisticsDays) {
    throw badPeriod(`lies more than ${maxStatisticsDays} days before the last day, ${to}`)
  }
  return { from, to, box: query.box, today }
}

function badPeriod(detail: string): ProblemError {
  return new ProblemError(400, 'The query is not as it should be.', {
    errors: [{ in: 'query', pointer: '/from', detail }],
  })
}
