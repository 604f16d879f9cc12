import type { AuditRow } from '../../projections/audit.ts'
import { columns, type Line } from './column.ts'

/** The audit log, one act or access a line. */
export const auditColumns = columns({
  at: 'moment',
  actor: 'text',
  type: 'text',
  about: 'text',
  details: 'text',
  source: 'text',
  eventId: 'text',
})

export function auditLine({ at, actor, type, about, details, source, eventId }: AuditRow): Line {
  return {
    at,
    actor,
    type,
    about: about.map(({ kind, id }) => `${kind}:${id}`).join(' '),
    details: details === undefined ? undefined : JSON.stringify(details),
    source,
    eventId,
  }
}
