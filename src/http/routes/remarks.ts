import { instantInput } from '../../../schemas/instant.ts'
import { prose } from '../../../schemas/text.ts'
import { advisoryById } from '../../../projections/advisory.ts'
import { cutoverById } from '../../../projections/cutover.ts'
import { elementById } from '../../../projections/element-queries.ts'
import { gapById } from '../../../projections/gap.ts'
import type { Rows } from '../../../projections/rows.ts'
import { actAbout } from '../act-about.ts'
import { addActRoute } from '../act-route.ts'
import type { Api } from '../api.ts'
import type { Services } from '../services.ts'

interface Remarkable {
  readonly kind: 'cutover' | 'gap' | 'advisory' | 'element'
  readonly plural: string
  readonly tag: string
  readonly load: (rows: Rows, id: string) => object | undefined
  /** It may be over sooner or later than planned, and somebody knows. */
  readonly ends: boolean
}

const remarkables: readonly Remarkable[] = [
  { kind: 'cutover', plural: 'cutovers', tag: 'cutovers', load: cutoverById, ends: true },
  { kind: 'gap', plural: 'gaps', tag: 'gaps', load: gapById, ends: false },
  { kind: 'advisory', plural: 'advisories', tag: 'advisories', load: advisoryById, ends: true },
  { kind: 'element', plural: 'elements', tag: 'inventory', load: elementById, ends: true },
]

/** Notes on things, and estimates of their end. Those of complaints, outages and clusters stand with their other acts. */
export function remarkRoutes(api: Api, services: Services): void {
  for (const { kind, plural, tag, load, ends } of remarkables) {
    const { name, data, mustBe } = actAbout(services, kind, load)
    const shared = {
      tag,
      data,
      check: (_event: object, params: Readonly<Record<string, unknown>>) => mustBe(params),
    }
    addActRoute(api, services, {
      ...shared,
      path: `/${plural}/:${name}/note`,
      type: 'NoteAdded',
      summary: 'Leave a note',
      fields: { text: prose },
    })
    if (!ends) continue
    addActRoute(api, services, {
      ...shared,
      path: `/${plural}/:${name}/estimate`,
      type: 'EndEstimated',
      summary: 'Say when it should be over; customers are told',
      fields: { expectedEnd: instantInput, note: prose.optional() },
    })
  }
}
