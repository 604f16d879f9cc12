import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import {
  actorOnlyType,
  auditEntries,
  auditTypes,
  eachAuditEntry,
  type AuditQuery,
  type AuditRow,
} from '../../../projections/audit.ts'
import type { Rows } from '../../../projections/rows.ts'
import { answerAudit } from '../../../schemas/answer-audit.ts'
import type { EventType } from '../../../schemas/event.ts'
import { asOfField } from '../../../schemas/as-of.ts'
import { instantInput } from '../../../schemas/instant.ts'
import { auditColumns, auditLine } from '../../export/audit-table.ts'
import { csvText } from '../../export/csv-text.ts'
import { problems, type Api } from '../api.ts'
import { pageFields, pageOfItems, pageRequest, sendPage } from '../page-query.ts'
import { ProblemError } from '../problem.ts'
import { noteAccess, routeOf } from '../record-access.ts'
import { onBehalfOf } from '../on-behalf.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

const tags = ['audit']

/** `kind:id`, of which the id may hold more colons. */
const thingText = z
  .string()
  .max(600)
  .regex(/^[a-z-]{1,40}:[^\p{C}]{1,500}$/u, 'must be kind:id, like complaint:C-1')
  .transform((text) => {
    const at = text.indexOf(':')
    return { kind: text.slice(0, at), id: text.slice(at + 1) }
  })

const asked = {
  actor: z.string().min(1).max(100).optional().describe('Only what this user or key did'),
  type: z
    .enum(auditTypes as [EventType, ...EventType[]])
    .optional()
    .describe(`${actorOnlyType} needs an actor`),
  about: thingText.optional().describe('kind:id, like complaint:C-1, outage:OUT-1, user:li.na'),
  from: instantInput.optional().describe('Recorded at this moment or later'),
  to: instantInput.optional().describe('Recorded at this moment or earlier'),
}

const entries: z.ZodType<object> = pageOfItems(answerAudit)

/** Who did and saw what. That somebody looked here is recorded too. */
export function auditRoutes(api: Api, services: Services): void {
  api.get(
    '/audit',
    {
      schema: {
        tags,
        summary:
          'Who did what and who saw unmasked personal data, the newest first; what feeds deliver is not in it',
        querystring: z.strictObject({ ...asked, ...pageFields, asOf: asOfField }),
        response: { 200: entries, ...problems },
      },
    },
    async (request) => {
      const { cursor, limit, asOf, ...query } = request.query
      mustBeListed(query)
      const sight = await sightAsOf(onBehalfOf(services, request.caller), asOf)
      const page = auditEntries(sight.rows, query, pageRequest(services, { cursor, limit }))
      await noteAccess(services, request.caller.actor, 'DataExported', {
        what: 'audit',
        route: routeOf(request),
        format: 'json',
        from: query.from,
        to: query.to,
        rows: page.items.length,
      })
      return sendPage(sight, page)
    },
  )
  api.get(
    '/audit.csv',
    {
      schema: {
        tags,
        summary: 'The same as a whole, as CSV or NDJSON, sent as it is read',
        querystring: z.strictObject({
          ...asked,
          format: z.enum(['csv', 'ndjson']).default('csv'),
          asOf: asOfField,
        }),
        produces: ['text/csv', mediaTypes.ndjson],
        response: { 200: z.string() as z.ZodType<unknown>, ...problems },
      },
    },
    async (request, reply) => {
      const { format, asOf, ...query } = request.query
      mustBeListed(query)
      const { rows } = await sightAsOf(onBehalfOf(services, request.caller), asOf)
      await noteAccess(services, request.caller.actor, 'DataExported', {
        what: 'audit',
        route: routeOf(request),
        format,
        from: query.from,
        to: query.to,
      })
      const parts = inParts(rows, query)
      reply.type(mediaTypes[format]).header('content-disposition', `attachment; filename="audit.${format}"`)
      const chunks = format === 'csv' ? csvText(auditColumns, linesOf(parts)) : ndjsonOf(parts)
      return reply.send(Readable.from(chunks, { objectMode: false }))
    },
  )
}

const mediaTypes = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const

/** Entries that are read before others get their turn. */
const entriesAtOnce = 500

async function* inParts(rows: Rows, query: AuditQuery): AsyncGenerator<readonly AuditRow[]> {
  let held: AuditRow[] = []
  for (const entry of eachAuditEntry(rows, query)) {
    held.push(entry)
    if (held.length < entriesAtOnce) continue
    yield held
    held = []
    await nextTurn()
  }
  if (held.length > 0) yield held
}

async function* linesOf(parts: AsyncIterable<readonly AuditRow[]>) {
  for await (const part of parts) yield part.map(auditLine)
}

async function* ndjsonOf(parts: AsyncIterable<readonly AuditRow[]>): AsyncGenerator<string> {
  for await (const part of parts) yield part.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

function mustBeListed({ actor, type }: AuditQuery): void {
  if (type !== actorOnlyType || actor !== undefined) return
  throw new ProblemError(400, 'The query is not as it should be.', {
    errors: [{ in: 'query', pointer: '/actor', detail: `${actorOnlyType} is listed by actor alone` }],
  })
}
