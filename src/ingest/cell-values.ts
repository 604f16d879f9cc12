import type { Fields } from './column-mapping.ts'
import { present } from './draft.ts'
import type { TimeReader } from './time-reader.ts'

/** A number, or the text as it stands: the schema then says what is wrong with it. */
export function numberOr(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : text
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  1: true,
  是: true,
  false: false,
  no: false,
  n: false,
  0: false,
  否: false,
}

/** A yes or no, or the text as it stands. */
export function booleanOr(text: string | undefined): boolean | string | undefined {
  return text === undefined ? undefined : (truths[text.toLowerCase()] ?? text)
}

/** A list written in one cell, divided by `|`, `;` or their full-width forms. */
export function listOf(text: string | undefined): string[] | undefined {
  const items = text
    ?.split(/[|;｜；]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
  return items === undefined || items.length === 0 ? undefined : items
}

/** Fields `lon`, `lat` and `crs` as a located point; undefined where neither coordinate is given. */
export function pointOf(fields: Fields): object | undefined {
  const { lon, lat, crs } = fields
  if (lon === undefined && lat === undefined) return undefined
  return present({ point: [numberOr(lon), numberOr(lat)], crs: crs?.toLowerCase() })
}

/** Fields `ring` (`lon lat; lon lat; …`), or `lon`, `lat` and `radiusMeters`, as an area. */
export function areaOf(fields: Fields): object | undefined {
  const { lon, lat, ring, radiusMeters } = fields
  const crs = fields['crs']?.toLowerCase()
  if (ring !== undefined) {
    const corners = ring.split(/[;；]/).filter((corner) => corner.trim() !== '')
    return present({
      kind: 'polygon',
      ring: corners.map((corner) =>
        corner
          .trim()
          .split(/[\s,]+/)
          .map(numberOr),
      ),
      crs,
    })
  }
  if (lon === undefined && lat === undefined) return undefined
  return present({
    kind: 'circle',
    center: [numberOr(lon), numberOr(lat)],
    radiusMeters: numberOr(radiusMeters),
    crs,
  })
}

export type TimesRead<Name extends string> =
  { readonly times: Readonly<Partial<Record<Name, string>>> } | { readonly refused: string }

/** Reads the named fields as times; the first that cannot be read refuses the row. */
export function timesOf<Name extends string>(
  fields: Fields,
  names: readonly Name[],
  read: TimeReader,
): TimesRead<Name> {
  const times: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const text = fields[name]
    if (text === undefined) continue
    const time = read(text)
    if ('refused' in time) return { refused: `${name}: ${time.refused}` }
    times[name] = time.ok
  }
  return { times }
}

/** Columns that the program has no field for, as attributes: shown, never weighed. Cut to what the schema holds. */
export function attributesOf(
  rest: Readonly<Record<string, string>>,
  numbers: Readonly<Record<string, number | string | undefined>> = {},
): Record<string, string | number | boolean> | undefined {
  const maxEntries = 50
  const maxValueChars = 1000
  const maxNameChars = 100
  const entries: [string, string | number][] = []
  for (const [name, value] of Object.entries(numbers)) if (value !== undefined) entries.push([name, value])
  for (const [name, value] of Object.entries(rest)) {
    entries.push([name.slice(0, maxNameChars), value.slice(0, maxValueChars)])
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries.slice(0, maxEntries))
}
