import { stat } from 'node:fs/promises'
import type { FeedPull } from '../../../schemas/feed-pull.ts'
import { toInstant } from '../../../schemas/instant.ts'
import type { Puller } from '../../config/puller.ts'
import { fileBytes } from '../file-bytes.ts'
import { UndeliveredError, type HttpTargetOptions } from '../http-target.ts'
import { ImportError } from '../import-error.ts'
import { deliverDrawn } from './deliver-drawn.ts'
import { drawUrl, type Env } from './draw-url.ts'
import { inSettings } from './in-settings.ts'
import type { Drawn } from './listed-rows.ts'
import { readDrawn } from './read-drawn.ts'
import { UnreadRowsError, type Refusal } from './unread-rows.ts'
import type { SettledFile, WatchedFolder } from './watch-folder.ts'

export interface PullParts {
  readonly server: HttpTargetOptions
  readonly env: Env
  readonly nowMs: () => number
  readonly stopped: AbortSignal
}

/** What one pull came to; when the next is due is added by whoever plans it. */
export type PullResult = Omit<FeedPull, 'nextAt'> & { readonly refusals: readonly Refusal[] }

/** Refused rows that a report names. */
const maxRefusalsNamed = 1_000
const maxErrorChars = 1_000

interface Part {
  readonly rows: number
  readonly items: number
  readonly refusals: readonly Refusal[]
  readonly note?: string | undefined
}

/** Draws from a system once. Never throws: what went wrong is the result. */
export async function pullUrl(
  puller: Puller & { readonly url: string },
  parts: PullParts,
): Promise<PullResult> {
  return resultOf(puller, parts, async () => {
    // What the answer does not hold yet had not happened when it was asked.
    const takenAt = toInstant(parts.nowMs())
    const drawn = await drawUrl(puller.url, puller, parts.env, parts.stopped)
    return take(drawn, puller, takenAt, parts)
  })
}

/**
 * Takes the files that have settled, in the order of their names; one result each. An empty folder says nothing, not even that
 * whoever should fill it lives.
 */
export async function pullFolder(
  puller: Puller,
  folder: WatchedFolder,
  parts: PullParts,
): Promise<readonly PullResult[]> {
  let files: readonly SettledFile[] = []
  const looked = await resultOf(puller, parts, async () => {
    files = await folder.look()
    return { rows: 0, items: 0, refusals: [] }
  })
  if (looked.status === 'failed') return [looked]
  const results: PullResult[] = []
  for (const file of files) {
    if (parts.stopped.aborted) break
    let trouble: unknown
    const result = await resultOf(puller, parts, async () => {
      try {
        return await takeFile(file, puller, parts)
      } catch (error) {
        trouble = error
        throw error
      }
    })
    const atFault = atFaultFor(trouble, folder)
    results.push({
      ...result,
      ...(atFault === 'mapping' ? { error: whyFilesStay(result) } : {}),
      file: file.name.slice(0, 300),
    })
    // It is not the file that is at fault: it stays, and with it those behind it.
    if (atFault !== 'file') break
    const { status, refusals, ...told } = results.at(-1) ?? result
    await folder.putAway(file, status === 'failed' ? 'failed' : 'done', { ...told, status, refusals })
  }
  return results
}

type AtFault = 'file' | 'server' | 'mapping'

/** What does not fit is the mapping, until a file has been read by it; from then on it is the file. */
function atFaultFor(error: unknown, folder: WatchedFolder): AtFault {
  if (error instanceof UndeliveredError) return 'server'
  return error instanceof ImportError && error.kind === 'usage' && !folder.hasTaken() ? 'mapping' : 'file'
}

function whyFilesStay({ error = '' }: PullResult): string {
  const why = 'the mapping fits no file yet, so files stay (if this one is not meant, take it away)'
  return `${why}: ${error}`.slice(0, maxErrorChars)
}

async function takeFile(file: SettledFile, puller: Puller, parts: PullParts): Promise<Part> {
  const { size } = await stat(file.path)
  if (size > puller.maxBytes) throw tooLong(puller)
  const format = puller.format ?? (/\.json(\.gz)?$/i.test(file.name) ? 'json' : 'csv')
  const takenAt = toInstant(Math.min(file.writtenMs, parts.nowMs()))
  return take({ bytes: bounded(fileBytes(file.path), puller), format }, puller, takenAt, parts)
}

/** A packed file may be far longer than it seems. */
async function* bounded(bytes: AsyncIterable<Uint8Array>, puller: Puller): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.byteLength
    if (length > puller.maxBytes) throw tooLong(puller)
    yield chunk
  }
}

function tooLong({ maxBytes }: Puller): ImportError {
  return new ImportError(`it is longer than ${maxBytes} bytes (maxBytes)`)
}

async function take(drawn: Drawn, puller: Puller, takenAt: string, { server }: PullParts): Promise<Part> {
  const read = await readDrawn(drawn, puller, takenAt)
  const { items, refused, note } = await deliverDrawn(read, puller, takenAt, server)
  return { rows: read.rows, items, refusals: [...read.refused, ...refused], note }
}

async function resultOf(
  { name: puller, kind }: Puller,
  { nowMs }: PullParts,
  work: () => Promise<Part>,
): Promise<PullResult> {
  const startedMs = nowMs()
  const about = { puller, kind, startedAt: toInstant(startedMs) }
  const tookMs = (): number => Math.max(0, Math.round(nowMs() - startedMs))
  try {
    const { rows, items, refusals, note } = await work()
    return {
      ...about,
      status: items > 0 ? 'done' : 'nothing-new',
      tookMs: tookMs(),
      rows,
      items,
      refused: refusals.length,
      refusals: named(refusals),
      ...(note === undefined ? {} : { error: note }),
    }
  } catch (error) {
    const why = error instanceof Error ? inSettings(error.message) : String(error)
    const { rows, refusals } = error instanceof UnreadRowsError ? error : { rows: 0, refusals: [] }
    return {
      ...about,
      status: 'failed',
      tookMs: tookMs(),
      rows,
      items: 0,
      refused: refusals.length,
      refusals: named(refusals),
      error: why.slice(0, maxErrorChars),
    }
  }
}

function named(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.slice(0, maxRefusalsNamed).map(({ line, reason }) => ({ line, reason: inSettings(reason) }))
}
