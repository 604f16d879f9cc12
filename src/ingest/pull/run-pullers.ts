import { setTimeout as wait } from 'node:timers/promises'
import type { FeedPull } from '../../../schemas/feed-pull.ts'
import { toInstant } from '../../../schemas/instant.ts'
import type { Puller } from '../../config/puller.ts'
import { postPatiently } from '../http-target.ts'
import { pullFolder, pullUrl, type PullParts, type PullResult } from './pull-once.ts'
import { watchFolder } from './watch-folder.ts'

export interface PullersOptions extends PullParts {
  readonly pullers: readonly Puller[]
  /** Told of every result, and of results that the server did not take. */
  readonly onResult: (source: string, result: PullResult) => void
  readonly onTrouble: (error: unknown) => void
}

/** A puller begins so long after the start at the latest, so that those of one interval do not all ask at once. */
const maxFirstDelayMs = 30_000
/** Between the end of a pull and the next one passes at least this share of the interval: nothing is ever in a hurry. */
const leastPauseShare = 0.1
/** After failures the interval doubles, up to this or to itself where it is longer. */
const maxBackOffMs = 900_000

/** Runs every puller until the signal comes, each by itself: none waits for another, and none overlaps with itself. */
export async function runPullers(options: PullersOptions): Promise<void> {
  await Promise.all(options.pullers.map((puller) => runPuller(puller, options)))
}

async function runPuller(puller: Puller, options: PullersOptions): Promise<void> {
  const { nowMs, stopped } = options
  const pull = pullerOf(puller, options)
  let failures = 0
  await rest(shareOf(puller.name) * Math.min(puller.intervalMs, maxFirstDelayMs), stopped)
  while (!stopped.aborted) {
    const startedMs = nowMs()
    const results = await pull()
    if (stopped.aborted) return
    failures = results.some(({ status }) => status === 'failed') ? failures + 1 : 0
    const nextMs = nextStartMs(puller, { startedMs, endedMs: nowMs(), failures })
    for (const result of results) {
      options.onResult(puller.source, result)
      await report(puller.source, { ...result, nextAt: toInstant(Math.ceil(nextMs)) }, options)
    }
    await rest(nextMs - nowMs(), stopped)
  }
}

/** A function that draws once. Of a folder it remembers what lay there. */
function pullerOf(puller: Puller, parts: PullParts): () => Promise<readonly PullResult[]> {
  const { url, folder } = puller
  if (url !== undefined) return async () => [await pullUrl({ ...puller, url }, parts)]
  const watched = watchFolder(folder ?? '')
  return () => pullFolder(puller, watched, parts)
}

/** Between the two looks at a folder, where one puller is to run once. */
const settleMs = 1_000

/** Runs one puller once, tells the server, and gives the results. Of a folder it looks twice. */
export async function runPullerOnce(puller: Puller, options: PullersOptions): Promise<readonly PullResult[]> {
  const pull = pullerOf(puller, options)
  let results = await pull()
  if (puller.folder !== undefined && results.every(({ status }) => status !== 'failed')) {
    await rest(Math.min(settleMs, puller.intervalMs), options.stopped)
    results = await pull()
  }
  for (const result of results) {
    options.onResult(puller.source, result)
    await report(puller.source, result, options)
  }
  return results
}

export function nextStartMs(
  { intervalMs }: Pick<Puller, 'intervalMs'>,
  { startedMs, endedMs, failures }: { startedMs: number; endedMs: number; failures: number },
): number {
  const longestMs = Math.max(intervalMs, maxBackOffMs)
  const pauseMs = Math.min(longestMs, intervalMs * 2 ** Math.max(0, failures - 1))
  return Math.max(startedMs + pauseMs, endedMs + intervalMs * leastPauseShare)
}

/** Always the same share for one name, from 0 to 1 (FNV-1a). */
function shareOf(name: string): number {
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return hash / 0x1_0000_0000
}

/** A server that does not take a report is told with the next one. */
async function report(source: string, told: PullResult & Pick<FeedPull, 'nextAt'>, options: PullersOptions) {
  const { refusals: _named, ...pull } = told
  try {
    const path = `/v1/feeds/${encodeURIComponent(source)}/pulls`
    const server = { ...options.server, maxBusyMs: 0 }
    await postPatiently(path, { type: 'application/json', text: JSON.stringify(pull) }, server)
  } catch (error) {
    options.onTrouble(error)
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await wait(Math.max(0, ms), undefined, { signal }).catch(() => {})
}
