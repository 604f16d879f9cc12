import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApp, type StartedApp } from '../scenario/start-app.ts'

let started: StartedApp
let url: string
beforeEach(async () => {
  started = await startApp({ at: '2026-03-01T08:00:00.000Z' })
  url = await started.app.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(() => started.stop())

interface Told {
  readonly id: string
  readonly data: string
}

/** Reads a stream of events until one holds the text; gives all read until then and hangs up. */
async function readUntil(
  text: string,
  headers: Record<string, string> = {},
  meanwhile?: () => Promise<unknown>,
) {
  const hangUp = new AbortController()
  const answer = await fetch(`${url}/v1/live`, { headers, signal: hangUp.signal })
  const acting = meanwhile?.()
  const told: Told[] = []
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(part)?.[1] ?? ''
      told.push({ id: field('id'), data: field('data') })
    }
    if (told.some(({ data }) => data.includes(text))) break
  }
  await acting
  hangUp.abort()
  return told
}

const complain = (id: string) => () =>
  started.send('POST', '/v1/complaints', {
    id,
    text: '没有信号',
    place: { point: [113.3312345, 23.1412345] },
    customer: { phone: '13812345678', name: '张三' },
  })

test('H2: a reader is told how things stand, then how they change, and nothing personal (S1)', async () => {
  const told = await readUntil('"C-1"', {}, complain('C-1'))
  expect(told.some(({ data }) => data.includes('"reset"'))).toBe(true)
  const text = JSON.stringify(told)
  for (const secret of ['13812345678', '张三', '没有信号', 'customerRef', '113.3312345']) {
    expect(text).not.toContain(secret)
  }
})

test('H2: Last-Event-ID resumes behind what was read, without a reset', async () => {
  const first = await readUntil('"C-1"', {}, complain('C-1'))
  await complain('C-2')()
  await started.settle()
  const lastId = first.findLast(({ id }) => id !== '')?.id ?? ''
  const second = await readUntil('"C-2"', { 'last-event-id': lastId })
  expect(second.some(({ data }) => data.includes('"reset"'))).toBe(false)
})

test('an open stream does not keep the server from closing', async () => {
  const answer = await fetch(`${url}/v1/live`)
  expect(answer.status).toBe(200)
  await started.app.close()
  await expect(answer.text()).resolves.toContain('reset')
})
