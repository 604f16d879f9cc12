import { Readable } from 'node:stream'
import { z } from 'zod'
import { asOfField } from '../../../schemas/as-of.ts'
import { csvText } from '../../export/csv-text.ts'
import { parquetBytes } from '../../export/parquet-bytes.ts'
import { problems, type Api } from '../api.ts'
import { exportColumns, exportLines, exportTables } from '../export-lines.ts'
import { periodAsked, periodFields } from '../period-query.ts'
import { onBehalfOf } from '../on-behalf.ts'
import { noteAccess, routeOf } from '../record-access.ts'
import type { Services } from '../services.ts'
import { sightAsOf } from '../sight.ts'

const mediaTypes = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const

/** Whole tables for other tools, free of personal data, sent as they are read. */
export function exportRoutes(api: Api, services: Services): void {
  api.get(
    '/export/:table',
    {
      schema: {
        tags: ['statistics'],
        summary:
          'Complaints, attributions or outages of some days (UTC, by report or beginning) as CSV or Parquet, without personal data',
        params: z.strictObject({ table: z.enum(exportTables) }),
        querystring: z.strictObject({
          from: periodFields.from,
          to: periodFields.to,
          format: z.enum(['csv', 'parquet']).default('csv'),
          asOf: asOfField,
        }),
        produces: ['text/csv', mediaTypes.parquet],
        response: { 200: z.string() as z.ZodType<unknown>, ...problems },
      },
    },
    async (request, reply) => {
      const { table } = request.params
      const { format, asOf, ...asked } = request.query
      const sight = await sightAsOf(onBehalfOf(services, request.caller), asOf)
      const { from, to } = periodAsked(sight, asked)
      await noteAccess(services, request.caller.actor, 'DataExported', {
        what: table,
        route: routeOf(request),
        format,
        from,
        to,
      })
      const lines = exportLines(sight.rows, table, { from, to })
      const columns = exportColumns[table]
      const chunks = format === 'csv' ? csvText(columns, lines) : parquetBytes(columns, lines)
      reply
        .type(mediaTypes[format])
        .header('content-disposition', `attachment; filename="${table}-${from}-${to}.${format}"`)
      return reply.send(Readable.from(chunks, { objectMode: false }))
    },
  )
}
