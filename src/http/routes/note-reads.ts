import { z } from 'zod'
import { answerAct } from '../../../schemas/answer-act.ts'
import { clusterById } from '../../../projections/cluster.ts'
import { complaintById } from '../../../projections/complaint-queries.ts'
import { notesOn } from '../../../projections/note.ts'
import { outageById } from '../../../projections/outage-queries.ts'
import type { Rows } from '../../../projections/rows.ts'
import type { Api } from '../api.ts'
import { notFound } from '../problem.ts'
import { addListRoute } from '../read-route.ts'
import type { Services } from '../services.ts'

const answerNote = answerAct.extend({
  about: z.strictObject({ kind: z.string(), id: z.string() }),
  text: z.string(),
})

/** The ids whose notes are those of the thing: an outage has those of what it took in. */
const noted = [
  { kind: 'outage', plural: 'outages', idsOf: (rows: Rows, id: string) => outageById(rows, id)?.parts },
  { kind: 'cluster', plural: 'clusters', idsOf: (rows: Rows, id: string) => clusterById(rows, id)?.parts },
  {
    kind: 'complaint',
    plural: 'complaints',
    idsOf: (rows: Rows, id: string) => complaintById(rows, id) && [id],
  },
] as const

/** What was written of outages, clusters and complaints; what was taken back is not among it. */
export function noteReadRoutes(api: Api, services: Services): void {
  for (const { kind, plural, idsOf } of noted) {
    addListRoute(
      api,
      services,
      {
        path: `/${plural}/:${kind}Id/notes`,
        tag: plural,
        summary: 'Its notes, newest first',
        item: answerNote,
      },
      {},
      ({ rows, id, page }) => {
        const ids = idsOf(rows, id)
        if (ids === undefined) throw notFound(kind, id, rows.knownAt)
        return notesOn(rows, kind, ids, page)
      },
    )
  }
}
