import { z } from 'zod'
import { outageById, type OutageView } from '../../projections/outage-queries.ts'
import type { Rows } from '../../projections/rows.ts'
import { causeRef, type CauseRef } from '../../schemas/attribution.ts'
import { notFound, ProblemError } from './problem.ts'

/** What the caller had before them; where the outage stands otherwise by now, the act is not taken. Not stored. */
export const seenFields = {
  seen: z
    .strictObject({
      stage: z.enum(['open', 'watched', 'restored', 'ended']).optional(),
      root: causeRef.optional(),
    })
    .optional(),
}

export interface SeenOutage {
  readonly stage?: OutageView['stage'] | undefined
  readonly root?: CauseRef | undefined
}

/**
 * The outage that an act is on, or the problem that there is none, or that it is not what the caller saw: it became part of
 * another, has ended (where the act is on what goes on), or has another root or stage. A conflict tells how it stands now.
 */
export function outageAsSeen(rows: Rows, id: string, seen: SeenOutage, takesEnded: boolean): OutageView {
  const outage = outageById(rows, id)
  if (outage === undefined) throw notFound('outage', id)
  const { outageId, stage, root } = outage
  if (outageId !== id) throw changed(outage, `Outage ${id} has become part of ${outageId}; act on that.`)
  if (stage === 'ended' && !takesEnded) throw changed(outage, `Outage ${id} has ended.`)
  if (seen.stage !== undefined && seen.stage !== stage)
    throw changed(outage, `Outage ${id} was ${seen.stage} and is ${stage} by now.`)
  if (seen.root !== undefined && (seen.root.kind !== root.kind || seen.root.id !== root.id))
    throw changed(outage, `Outage ${id} has another root by now; look at it first.`)
  return outage
}

function changed({ outageId, stage, root, title, expectedEnd }: OutageView, detail: string): ProblemError {
  return new ProblemError(409, detail, { more: { outage: { outageId, stage, root, title, expectedEnd } } })
}
