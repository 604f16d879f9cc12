import { parse } from 'csv-parse/sync'
import { eventData } from '../../schemas/event.ts'
import { createLteCellReader } from '../ingest/lte-cells.ts'
import { feedEvent, type SentData } from './feed-event.ts'
import type { InventoryEvent } from './sim-inventory.ts'
import { withUpstream } from './upstream.ts'

export const inventorySource = 'inventory'

/**
 * An inventory from text: NDJSON of `ElementRegistered` and `ElementLinked` events (other types are passed over), or CSV
 * in the layout of LTE cell lists (`plmn, enb, local_cell, site_name, lat, lon, azimuth …`). What stands behind the
 * sites is added where it is missing. Throws `RangeError` naming the line (of CSV the row after the heading) at fault.
 */
export function parseInventory(text: string, registeredMs: number): readonly InventoryEvent[] {
  const facts = text.trimStart().startsWith('{') ? factsOfNdjson(text) : factsOfCells(text)
  const events = facts.map(({ type, data, where }) => registered(type, data, where, registeredMs))
  return withUpstream(events, { registeredMs, source: inventorySource })
}

interface Fact {
  readonly type: string
  readonly data: unknown
  readonly where: string
}

function factsOfNdjson(text: string): Fact[] {
  return text.split('\n').flatMap((line, index): Fact[] => {
    if (line.trim() === '') return []
    const where = `line ${index + 1}`
    const event = jsonOf(line, where)
    if (typeof event !== 'object' || event === null || !('type' in event) || !('data' in event))
      throw new RangeError(`${where}: is no event with type and data`)
    const { type, data } = event
    return type === 'ElementRegistered' || type === 'ElementLinked' ? [{ type, data, where }] : []
  })
}

function jsonOf(line: string, where: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new RangeError(`${where}: is not JSON`)
  }
}

function factsOfCells(text: string): Fact[] {
  const rows = parse<Record<string, string>>(text, { columns: true, bom: true, skip_empty_lines: true })
  const read = createLteCellReader()
  return rows.flatMap((row, index) => {
    const named = Object.entries(row).filter(([, value]) => value.trim() !== '')
    return read(Object.fromEntries(named)).map((fact) => ({ ...fact, where: `row ${index + 1}` }))
  })
}

function registered(type: string, sent: unknown, where: string, atMs: number): InventoryEvent {
  const link = type === 'ElementLinked'
  // Readers leave keys undefined where a column is empty; a strict schema takes a missing key only.
  const data: unknown = JSON.parse(JSON.stringify(sent))
  const checked = (link ? eventData.ElementLinked : eventData.ElementRegistered).safeParse(data)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    throw new RangeError(`${where}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`)
  }
  const send = <T extends 'ElementLinked' | 'ElementRegistered'>(
    as: T,
    notification: string,
  ): InventoryEvent =>
    feedEvent(as, inventorySource, atMs, atMs, notification, data as SentData<T>) as InventoryEvent
  return link
    ? send('ElementLinked', JSON.stringify(data))
    : send('ElementRegistered', (checked.data as SentData<'ElementRegistered'>).elementId)
}
