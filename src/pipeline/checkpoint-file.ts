import { createHash } from 'node:crypto'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { z } from 'zod'
import type { FlatGraph } from '../correlate/state-graph.ts'
import type { LogReader, RecordedEvent } from '../event-log/event-log.ts'
import { decisionStream } from '../../schemas/stream.ts'
import type { Stand } from './logged-decisions.ts'

/** What the engine remembers at a place in the log, so that a restart need not begin at the log's beginning. */
export interface Checkpoint extends Stand {
  readonly engine: FlatGraph
}

/**
 * The first line of the file; behind it lies what `node:v8` makes of the engine's state. The file may be deleted at any time:
 * the log makes it again.
 */
const header = z.object({
  format: z.literal('causeway-checkpoint'),
  version: z.literal(1),
  /** What wrote it: release, engine version, make of the state. Another one must not take it up. */
  make: z.string(),
  lastInput: z.string(),
  position: z.string(),
  decisions: z.int(),
  /** The id of that decision; none where nothing was decided yet. */
  lastDecision: z.string().optional(),
  bytes: z.int(),
  sha256: z.string(),
})

export type ReadCheckpoint =
  | { readonly kind: 'read'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'none' }
  /** It is of no use, and why: a rebuild follows. */
  | { readonly kind: 'ignored'; readonly why: string }

/** Reads a checkpoint and makes sure that it is whole, of this make, and of this log. */
export async function readCheckpoint(file: string, make: string, log: LogReader): Promise<ReadCheckpoint> {
  const ignored = (why: string): ReadCheckpoint => ({ kind: 'ignored', why })
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'none' }
    return ignored(`it cannot be read (${String(error)})`)
  }
  const end = bytes.indexOf('\n')
  const parsed = header.safeParse(jsonOf(bytes.toString('utf8', 0, Math.max(0, end))))
  if (!parsed.success) return ignored('it is damaged or of another format')
  const { make: madeBy, sha256, bytes: length, lastDecision, lastInput, position, decisions } = parsed.data
  if (madeBy !== make) return ignored('another version wrote it')
  const payload = bytes.subarray(end + 1)
  if (payload.length !== length || sha256Of(payload) !== sha256) return ignored('its checksum does not match')
  try {
    const decision = await firstOf(
      log.readStream(decisionStream(0), { fromRevision: decisions, maxEvents: 1 }),
    )
    const input = await inputAt(log, position)
    if (input?.id !== lastInput || decision?.id !== lastDecision) return ignored('it is of another log')
    const engine = deserialize(payload) as FlatGraph
    return { kind: 'read', checkpoint: { engine, lastInput, position, decisions } }
  } catch (error) {
    return ignored(`it does not fit this log (${String(error)})`)
  }
}

/** Writes a checkpoint; it takes the place of the one before when it is whole and on the disk. */
export async function writeCheckpoint(
  file: string,
  make: string,
  log: LogReader,
  { engine, ...stand }: Checkpoint,
): Promise<void> {
  const payload = serialize(engine)
  const last = await firstOf(
    log.readStream(decisionStream(0), { fromRevision: stand.decisions, maxEvents: 1 }),
  )
  const head: z.infer<typeof header> = {
    format: 'causeway-checkpoint',
    version: 1,
    make,
    ...stand,
    ...(last === undefined ? {} : { lastDecision: last.id }),
    bytes: payload.length,
    sha256: sha256Of(payload),
  }
  const partial = `${file}.${process.pid}${partialEnd}`
  try {
    const handle = await open(partial, 'w')
    try {
      await handle.appendFile(`${JSON.stringify(head)}\n`)
      await handle.appendFile(payload)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

const partialEnd = '.part'

/** Removes what processes left behind that were killed while they wrote a checkpoint. */
export async function removePartialCheckpoints(file: string): Promise<void> {
  const names = await readdir(dirname(file))
  const partial = names.filter((name) => name.startsWith(`${basename(file)}.`) && name.endsWith(partialEnd))
  for (const name of partial) await rm(join(dirname(file), name), { force: true })
}

/** Positions are opaque, but the event before one is what a backwards read from behind it begins with. */
async function inputAt(log: LogReader, position: string): Promise<RecordedEvent | undefined> {
  const next = await firstOf(log.readAll({ after: position, maxEvents: 1 }))
  const options = next === undefined ? {} : { after: next.position }
  return firstOf(log.readAll({ ...options, direction: 'backwards', maxEvents: 1 }))
}

async function firstOf(batches: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent | undefined> {
  for await (const [first] of batches) return first
  return undefined
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
