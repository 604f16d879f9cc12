import { expect, onTestFinished, test } from 'vitest'
import type { Event } from '../../schemas/event.ts'
import { createEngine, engineVersion } from '../../src/correlate/engine.ts'
import type { DecidingEngine } from '../../src/pipeline/deciding-engine.ts'
import { startApp } from '../scenario/start-app.ts'
import { note } from '../pipeline/notes.ts'

const near = { symptom: 'no-signal', place: { point: [113.3, 23.1] } }

/** Fails at one complaint, when it has taken it in already. */
function failingEngine(complaintId: string): DecidingEngine {
  const engine = createEngine()
  return {
    ...engine,
    decide(input) {
      const decisions = engine.decide(input)
      if (input.type === 'ComplaintReceived' && input.data.complaintId === complaintId) {
        throw new Error('no such complaint can be')
      }
      return decisions
    },
  }
}

test('H1: a complaint that the engine fails on is stored and listed as parked, and others are answered', async () => {
  const app = await startApp({
    config: { limits: { answerWaitMs: 5_000 } as never },
    makeEngine: () => failingEngine('C-2'),
  })
  onTestFinished(() => app.stop())
  const post = (id: string) => app.send('POST', '/v1/complaints', { id, ...near })
  expect((await post('C-1')).status).toBe(201)
  expect((await post('C-2')).status).toBe(202)
  expect((await post('C-3')).status).toBe(201)
  expect((await post('C-2')).status).toBe(202)
  expect((await app.send('GET', '/v1/complaints/C-2')).status).toBeLessThan(500)
  await app.settle()
  const { status, body } = await app.send('GET', '/v1/parked')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    items: [{ fold: 'engine', error: `Error: no such complaint can be (engine ${engineVersion})` }],
  })
  const metrics = await app.app.inject({ method: 'GET', url: '/metrics' })
  expect(metrics.body).toContain('causeway_parked_events{of="engine"} 1')
})

test('H1: what cannot be read in the history of a complaint is no 500 for those who act on it', async () => {
  const app = await startApp()
  onTestFinished(() => app.stop())
  const post = (path: string, body: object) => app.send('POST', `/v1/complaints${path}`, body)
  expect((await post('', { id: 'C-1', ...near })).status).toBe(201)
  const { log } = app.services
  const bad = {
    ...note('C-1', 'x'),
    type: 'CutoverPlanned',
    schemaVersion: 1,
    data: null,
  } as unknown as Event
  const appended = await log.append('complaint-C-1', [bad], await log.revisionOf('complaint-C-1'))
  expect(appended.kind).toBe('appended')
  await app.settle()
  expect((await post('/C-1/note', { text: 'still here' })).status).toBe(201)
  expect((await post('', { id: 'C-1', ...near })).status).toBe(200)
  expect((await app.send('GET', '/v1/parked?limit=1')).body).toMatchObject({
    items: [{ fold: 'schema', eventId: bad.id, type: 'CutoverPlanned' }],
  })
  expect((await app.send('GET', '/v1/parked?cursor=zz')).status).toBe(400)
})
