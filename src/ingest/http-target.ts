import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { answerBulk } from '../../schemas/answer-bulk.ts'
import type { Place } from '../places/place-index.ts'
import { ImportError } from './import-error.ts'
import type { ImportReport } from './import-report.ts'
import type { ImportTarget, SourcedDraft } from './import-target.ts'

export interface HttpTargetOptions {
  readonly url: string
  /** Sent as `X-API-Key`. */
  readonly apiKey?: string | undefined
  /** How long a busy server is waited for in all, before the import gives up. */
  readonly maxBusyMs?: number
  readonly clockMs: () => number
  /** Ends waiting and sending. */
  readonly signal?: AbortSignal | undefined
}

/** The server is away, busy, or does not let this caller in: nothing is wrong with what was to be sent. */
export class UndeliveredError extends ImportError {}

const defaultMaxBusyMs = 600_000
/** How long a server that does not answer at all is tried. */
const maxUnreachableMs = 10_000
/** What is waited where a busy server does not say how long. */
const defaultRetryMs = 1_000
const maxRetryMs = 60_000

/**
 * Sends to a running server, batch by batch, as NDJSON to `POST /v1/events`. A batch is sent again, and changes nothing
 * twice, where the server is busy (429, 503; it says how long to wait) or the line breaks. Throws `ImportError` where it
 * stays so, and where the server refuses the whole request.
 */
export function createHttpTarget(options: HttpTargetOptions): ImportTarget {
  return {
    async write(items) {
      const body = { type: 'application/x-ndjson', text: items.map(lineOf).join('') }
      const response = await postPatiently('/v1/events', body, options)
      const answer = answerBulk.parse(await response.json())
      const listed = answer.refusedLines.flatMap(({ line, reason }) =>
        items.slice(line - 1, line).map((item) => ({ item, reason })),
      )
      // An inventory's event is named by its content; only the date of the file can differ.
      const same = listed.filter(
        ({ item, reason }) => reason.startsWith('differs') && item.draft.type.startsWith('Element'),
      )
      return {
        stored: answer.stored,
        known: answer.duplicates + same.length,
        refused: listed.filter((one) => !same.includes(one)),
        unlisted: answer.refused + answer.differing - listed.length,
      }
    },
  }
}

function lineOf({ draft, source }: SourcedDraft): string {
  const { type, occurredAt, data, notification } = draft
  const named = notification === '' ? {} : { notificationId: notification }
  return `${JSON.stringify({ type, source, occurredAt, ...named, data })}\n`
}

/** What the server says of the places it was sent. */
const placesAnswer = z.looseObject({
  taken: z.int(),
  refused: z.int(),
  refusedRows: z.array(z.looseObject({ reason: z.string() })),
})

/** The server writes its whole gazetteer anew with each request, so these are few. */
const placesPerRequest = 20_000

/** Sends places to `POST /v1/places`, batch by batch. */
export async function sendPlaces(
  batches: AsyncIterable<readonly Place[]>,
  options: HttpTargetOptions,
  report: ImportReport,
): Promise<void> {
  const take = async (batch: readonly Place[]): Promise<void> => {
    if (batch.length === 0) return
    const places = batch.map(({ name, point: [lon, lat], kind, aliases }) => ({
      name,
      lon,
      lat,
      kind,
      aliases,
    }))
    const body = { type: 'application/json', text: JSON.stringify({ places }) }
    const response = await postPatiently('/v1/places', body, options)
    const answer = placesAnswer.parse(await response.json())
    report.counts.stored += answer.taken
    report.counts.refused += answer.refused
    for (const { reason } of answer.refusedRows) report.note(`refused by the server: ${reason}`)
    report.progress()
  }
  let waiting: Place[] = []
  for await (const batch of batches) {
    waiting.push(...batch)
    if (waiting.length < placesPerRequest) continue
    await take(waiting)
    waiting = []
  }
  await take(waiting)
}

/** It is what was sent that cannot be taken, by whomever and whenever. */
function refusesContent({ status }: Response): boolean {
  return status === 400 || status === 413 || status === 422
}

interface Body {
  readonly type: string
  readonly text: string
}

/** Posts, waiting for a busy server. Throws `UndeliveredError`, or `ImportError` where the server refuses what was sent. */
export async function postPatiently(
  path: string,
  body: Body,
  { url, apiKey, clockMs, signal, maxBusyMs = defaultMaxBusyMs }: HttpTargetOptions,
): Promise<Response> {
  const startMs = clockMs()
  while (true) {
    const response = await send(new URL(path, url), body, apiKey, signal)
    if (response instanceof Response && response.ok) return response
    const isBusy = response instanceof Error || response.status === 429 || response.status === 503
    if (!isBusy) {
      const why = await explained(response)
      throw refusesContent(response) ? new ImportError(why) : new UndeliveredError(why)
    }
    const waitMs = response instanceof Error ? defaultRetryMs : retryAfterMs(response, clockMs())
    const patienceMs = response instanceof Error ? Math.min(maxUnreachableMs, maxBusyMs) : maxBusyMs
    if (clockMs() - startMs + waitMs > patienceMs) {
      throw new UndeliveredError(
        response instanceof Error
          ? `${url} cannot be reached (${response.message}): is the server running?`
          : `${url} stays busy: start the import again later, it goes on where it stopped`,
      )
    }
    await pause(waitMs, undefined, { signal }).catch(() => {
      throw new UndeliveredError('stopped before it was delivered')
    })
  }
}

async function send(
  address: URL,
  body: Body,
  apiKey: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Response | Error> {
  try {
    return await fetch(address, {
      method: 'POST',
      signal: signal ?? null,
      headers: {
        'content-type': body.type,
        // A key may hold spaces, which a bearer token may not.
        ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
      },
      body: body.text,
    })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}

function retryAfterMs(response: Response, nowMs: number): number {
  const header = response.headers.get('retry-after') ?? ''
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? defaultRetryMs : Math.min(Math.max(ms, 0), maxRetryMs)
}

async function explained(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, 500)
  return `the server refuses the import: ${response.status} ${response.statusText} ${text}`.trim()
}
