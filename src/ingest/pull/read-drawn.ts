import type { Puller } from '../../config/puller.ts'
import { toInstant } from '../../../schemas/instant.ts'
import { draftsOf, type Draft } from '../draft.ts'
import { elementFields, elementOf, linkFields, linkOf, type InventoryFact } from '../element-rows.ts'
import { factLayoutOf, type FactKind } from '../fact-layouts.ts'
import { createLteCellReader, lteCellFields } from '../lte-cells.ts'
import type { RowReader } from '../row-reader.ts'
import { createTimeReader, type TimeReader } from '../time-reader.ts'
import { listedRows, type Drawn, type Layout } from './listed-rows.ts'
import { UnreadRowsError, type Refusal } from './unread-rows.ts'

/** What one drawing holds, checked. */
export interface ReadDrawn {
  readonly rows: number
  readonly drafts: readonly { readonly draft: Draft; readonly line: number }[]
  readonly refused: readonly Refusal[]
}

interface ReadingLayout extends Layout {
  readonly read: RowReader
}

/** The events or facts of one drawing. Throws `ImportError` where the whole cannot be read. */
export async function readDrawn(drawn: Drawn, puller: Puller, takenAt: string): Promise<ReadDrawn> {
  const time = timeReader(puller)
  const read = { rows: 0, drafts: [] as { draft: Draft; line: number }[], refused: [] as Refusal[] }
  let missing: Set<string> | undefined
  let heading: readonly string[] = []
  const layoutOf = (names: readonly string[]) => {
    heading = names
    return layoutFor(puller.kind, takenAt)(names)
  }
  for await (const { layout, rows } of listedRows(drawn, puller, layoutOf)) {
    for (const row of rows) {
      if ('fields' in row) {
        missing ??= new Set(requiredFields[puller.kind].filter((field) => layout.fields.includes(field)))
        for (const field of missing) if (row.fields[field] !== undefined) missing.delete(field)
      }
      read.rows += 1
      const { line } = row
      const result =
        'refused' in row
          ? row
          : layout.read(row.fields, { time, rest: row.rest, asOf: asOfFor(puller, takenAt) })
      if ('refused' in result) read.refused.push({ line, reason: result.refused })
      else for (const draft of result.drafts) read.drafts.push({ draft, line })
    }
  }
  const [field] = missing ?? []
  if (field !== undefined && read.drafts.length === 0) {
    const there = heading.slice(0, maxNamesTold).join(', ')
    throw new UnreadRowsError(
      `no row has ${field}: say in map where it is (there are ${there}), or in set what it is`,
      read,
      'usage',
    )
  }
  return read
}

/** Columns that one sentence names. */
const maxNamesTold = 20

/** Without these no row can be read; where none has one, it is not mapped. */
export const requiredFields: Readonly<Record<Puller['kind'], readonly string[]>> = {
  alarms: ['elementId', 'raisedAt', 'probableCause'],
  inventory: ['id', 'kind'],
  links: ['elementId', 'dependsOn'],
  cutovers: ['title', 'plannedStart', 'plannedEnd'],
  complaints: ['reportedAt'],
  gaps: ['kind'],
}

/** A gap that bears no time would be another one with every pull. */
function asOfFor({ kind }: Puller, takenAt: string): string | undefined {
  return kind === 'gaps' ? undefined : takenAt
}

/** In the manner of one heading; made anew for each drawing. */
export function layoutFor(
  kind: Puller['kind'],
  takenAt: string,
): (heading: readonly string[]) => ReadingLayout {
  return (heading) => {
    switch (kind) {
      case 'inventory':
        return inventoryLayout(heading, takenAt)
      case 'links':
        return { fields: linkFields, map: {}, read: (fields) => factsOf([linkOf(fields)], takenAt) }
      case 'alarms':
      case 'complaints':
      case 'cutovers':
      case 'gaps':
        return factLayout(kind, heading)
    }
  }
}

function factLayout(kind: FactKind, heading: readonly string[]): ReadingLayout {
  const layout = factLayoutOf(kind, heading)
  if (layout.keepsRest) return layout
  return { ...layout, read: (fields, context) => layout.read(fields, { ...context, rest: {} }) }
}

const lteHeading = ['plmn', 'enb', 'local_cell', 'eci']

function inventoryLayout(heading: readonly string[], takenAt: string): ReadingLayout {
  if (lteHeading.every((column) => heading.includes(column))) {
    const cells = createLteCellReader()
    return { fields: lteCellFields, map: {}, read: (fields) => factsOf(cells(fields), takenAt) }
  }
  return {
    fields: elementFields,
    map: {},
    read: (fields, { rest }) => factsOf([elementOf(fields, rest)], takenAt),
  }
}

function factsOf(facts: readonly InventoryFact[], occurredAt: string) {
  return draftsOf(facts.map((fact) => ({ ...fact, occurredAt, notification: '' })))
}

const epochScales: Readonly<Record<string, number>> = { 'epoch-s': 1_000, 'epoch-ms': 1 }

export function timeReader({ zone, timeFormat }: Pick<Partial<Puller>, 'zone' | 'timeFormat'>): TimeReader {
  const scale = epochScales[timeFormat ?? '']
  if (scale === undefined) return createTimeReader({ zone, format: timeFormat })
  return (text) => {
    const ms = Number(text) * scale
    const isMoment = /^\d{1,14}(\.\d+)?$/.test(text) && ms < maxEpochMs
    return isMoment
      ? { ok: toInstant(Math.floor(ms)) }
      : { refused: `${JSON.stringify(text.slice(0, 40))} is no ${timeFormat}` }
  }
}

/** The year 2100: what is more was counted in other units. */
const maxEpochMs = 4_102_444_800_000
