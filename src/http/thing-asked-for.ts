import type { AuditThing } from '../../projections/audit-things.ts'
import { key } from '../../projections/key.ts'
import type { Thing } from '../../projections/region-view.ts'
import type { VersionedRows } from '../../projections/rows.ts'

/** Tables and kinds in the audit log that are not called as the thing is. */
const tableOf: Readonly<Partial<Record<Thing['kind'], string>>> = {
  'gap candidate': 'gap.candidate',
  batch: 'cause-batch',
}
const auditKindOf: Readonly<Partial<Record<Thing['kind'], string>>> = {
  'gap candidate': 'gap-candidate',
  batch: 'cause-batch',
}

/** Parameters of routes, and what they name. */
const kindOf: ReadonlyMap<string, Thing['kind']> = new Map([
  ['complaintId', 'complaint'],
  ['outageId', 'outage'],
  ['clusterId', 'cluster'],
  ['intoId', 'cluster'],
  ['elementId', 'element'],
  ['cutoverId', 'cutover'],
  ['gapId', 'gap'],
  ['candidateId', 'gap candidate'],
  ['advisoryId', 'advisory'],
  ['orderId', 'order'],
  ['batchId', 'batch'],
])

/** Whether anything bears the id, wherever. */
export function isThere(rows: Pick<VersionedRows, 'get'>, { kind, id }: Thing): boolean {
  const [source = ''] = id.split('/', 1)
  const at = kind === 'alarm' ? key(source, id.slice(source.length + 1)) : key(id)
  return rows.get(tableOf[kind] ?? kind, at) !== undefined
}

/**
 * What the path of a request names, as the audit log calls it. Only what is there: whatever else somebody wrote in its place, a
 * customer's number too, is not kept.
 */
export function thingAskedFor(rows: Pick<VersionedRows, 'get'>, params: unknown): AuditThing | undefined {
  const named = (params ?? {}) as Readonly<Record<string, string>>
  const { alarmSource, alarmId, eventId } = named
  if (eventId !== undefined) {
    return rows.get('act', key(eventId)) === undefined ? undefined : { kind: 'act', id: eventId }
  }
  const things: readonly Thing[] =
    alarmSource !== undefined && alarmId !== undefined
      ? [{ kind: 'alarm', id: `${alarmSource}/${alarmId}` }]
      : Object.entries(named).flatMap(([name, id]) => {
          const kind = kindOf.get(name)
          return kind === undefined ? [] : [{ kind, id }]
        })
  const found = things.find((thing) => isThere(rows, thing))
  return found && refusedThing(found)
}

export function refusedThing({ kind, id }: Thing): AuditThing {
  return { kind: auditKindOf[kind] ?? kind, id }
}
