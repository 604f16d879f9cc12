import Fastify from 'fastify'
import { commandEventLine } from '../../schemas/command-event-line.ts'
import { eventData } from '../../schemas/event.ts'
import { splitLines } from '../../src/intake/split-lines.ts'

/** Fastify that parses and validates bulk input with the same schemas, and stores nothing: the floor of taking it in. */
const maxLineBytes = 65_536
const app = Fastify()
app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload))
app.post('/v1/events', async (request) => {
  let received = 0
  for await (const lines of splitLines(request.body as AsyncIterable<Buffer>, maxLineBytes)) {
    for (const line of lines) {
      if (line.kind !== 'line') continue
      const { type, data } = commandEventLine.parse(JSON.parse(Buffer.from(line.bytes).toString('utf8')))
      eventData[type].parse(data)
      received += 1
    }
  }
  return { received }
})
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
process.once('SIGTERM', () => process.exit(0))
