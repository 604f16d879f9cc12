import { answerParked } from '../../../schemas/answer-parked.ts'
import { parkedEvents } from '../../../projections/parked-queries.ts'
import type { Api } from '../api.ts'
import { addListRoute } from '../read-route.ts'
import type { Services } from '../services.ts'

/** What engine and read models could not take. */
export function parkedRoutes(api: Api, services: Services): void {
  addListRoute(
    api,
    services,
    {
      path: '/parked',
      tag: 'operations',
      summary: 'Events that engine or read models could not take, and why',
      item: answerParked,
    },
    {},
    ({ rows, page }) => parkedEvents(rows, page),
  )
}
