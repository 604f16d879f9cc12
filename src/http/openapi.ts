import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { docsPage, docsScript, docsStyle } from './docs-page.ts'

/** OpenAPI 3.1, generated from the zod schemas of the routes, and a page that shows it without any outside resource. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Causeway',
        version,
        description:
          'Which alarm, cutover, blind spot or upstream failure explains this complaint. All times are UTC instants; all positions are [lon, lat], WGS-84; every error is a problem (RFC 9457).',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      },
      security: [{ bearer: [] }, { apiKey: [] }, {}],
    },
    transform: jsonSchemaTransform,
    // Schemas with an id become components, so that generated clients have one type for each.
    transformObject: (document) => onlyReferred(jsonSchemaTransformObject(document)),
  })
}

type ApiDocument = ReturnType<typeof jsonSchemaTransformObject>

/** Every schema with an id is made a component twice, as sent and as answered; what nothing refers to is left out. */
function onlyReferred(document: ApiDocument): ApiDocument {
  if (!('components' in document) || document.components?.schemas === undefined) return document
  const { schemas, ...others } = document.components
  const text = JSON.stringify(document)
  const referred = Object.entries(schemas).filter(([id]) => text.includes(`"#/components/schemas/${id}"`))
  const less = {
    ...document,
    components: { ...others, schemas: Object.fromEntries(referred) },
  } as ApiDocument
  // What only a schema that is now left out referred to goes next.
  return referred.length === Object.keys(schemas).length ? less : onlyReferred(less)
}

export function serveDocs(app: FastifyInstance): void {
  app.get('/openapi.json', { schema: { hide: true } as object }, async () => app.swagger())
  const page = (path: string, type: string, text: string) =>
    app.get(path, { schema: { hide: true } as object }, async (_request, reply) =>
      reply.type(type).send(text),
    )
  // Whoever opens the bare address finds out what is here.
  app.get('/', { schema: { hide: true } as object }, async (_request, reply) => reply.redirect('/docs'))
  page('/docs', 'text/html; charset=utf-8', docsPage)
  page('/docs/docs.js', 'text/javascript; charset=utf-8', docsScript)
  page('/docs/docs.css', 'text/css; charset=utf-8', docsStyle)
}
