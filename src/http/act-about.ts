import type { Rows } from '../../projections/rows.ts'
import { notFound } from './problem.ts'
import type { Services } from './services.ts'

type Params = Readonly<Record<string, unknown>>

/** What acts about things of one kind have in common, where the path names the thing as `:{kind}Id`. */
interface ActAbout {
  readonly name: string
  /** The event's data: what it is about, and the fields of the body. */
  readonly data: (params: Params, fields: object) => object
  /** Throws a 404 where there is no such thing. */
  readonly mustBe: (params: Params) => void
}

export function actAbout(
  services: Services,
  kind: string,
  load: (rows: Rows, id: string) => object | undefined,
): ActAbout {
  const name = `${kind}Id`
  return {
    name,
    data: (params, fields) => ({ about: { kind, id: params[name] }, ...fields }),
    mustBe(params) {
      const id = String(params[name])
      if (load(services.rows, id) === undefined) throw notFound(kind, id)
    },
  }
}
