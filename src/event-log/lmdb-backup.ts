import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { instant, toInstant } from '../../schemas/instant.ts'
import { LogUnavailableError } from './event-log.ts'
import { flushToDisk } from './flush-to-disk.ts'
import { openLmdbReader } from './lmdb-reads.ts'
import { archiveFolderOf, freeCopy } from './lmdb-tables.ts'
import { verifyLog, type VerifyOptions, type VerifyReport } from './verify/verify-log.ts'

/** What a backup says of itself, in a file beside it that is written last: without it the backup is not whole. */
const manifest = z.object({
  format: z.literal('causeway-log-backup'),
  version: z.literal(1),
  takenAt: instant,
  events: z.int(),
  head: z.string().optional(),
  bytes: z.int(),
  sha256: z.string(),
})
export type BackupManifest = z.infer<typeof manifest>

const names = { log: 'log', data: 'data.mdb', lock: 'lock.mdb', manifest: 'backup.json' }

/** The manifest, and what was found out when the copy was read; a copy with findings has no manifest. */
export type Verified<Kept> =
  | { readonly kind: 'sound'; readonly kept: Kept; readonly report: VerifyReport }
  | { readonly kind: 'damaged'; readonly report: VerifyReport }

export interface BackupOptions extends Pick<VerifyOptions, 'onProgress'> {
  readonly nowMs: () => number
}

/**
 * Copies the log in `logFolder` as of now into `target`, while whoever holds it goes on writing, then reads the copy's
 * records through: a backup that nobody has read is a hope. Throws `LogUnavailableError` where it cannot be written.
 */
export async function backUpLog(
  logFolder: string,
  target: string,
  { nowMs, onProgress = () => {} }: BackupOptions,
): Promise<Verified<BackupManifest>> {
  await requireEmpty(target, 'a backup goes into a folder of its own')
  const copy = join(target, names.log)
  await mkdir(copy, { recursive: true })
  const takenAt = toInstant(nowMs())
  const log = await openLmdbReader(logFolder)
  try {
    await log.tables.root.backup(copy, false)
  } catch (error) {
    throw new LogUnavailableError(`${copy} cannot be written: ${String(error)}`, { cause: error })
  } finally {
    await log.close()
  }
  // An archive's file is there before the log says so, and stays as it is.
  await copyArchive(logFolder, copy)
  await freeCopy(copy)
  const report = await verifyFolder(copy, onProgress)
  if (report.findingCount > 0) return { kind: 'damaged', report }
  const file = join(copy, names.data)
  await flushToDisk(file)
  const kept: BackupManifest = {
    format: 'causeway-log-backup',
    version: 1,
    takenAt,
    events: report.events,
    ...(report.head === undefined ? {} : { head: report.head }),
    bytes: (await stat(file)).size,
    sha256: await sha256Of(file),
  }
  const partial = join(target, `${names.manifest}.part`)
  await writeFile(partial, `${JSON.stringify(kept, undefined, 2)}\n`)
  await flushToDisk(partial)
  await rename(partial, join(target, names.manifest))
  return { kind: 'sound', kept, report }
}

/**
 * Puts a backup in the place of a log that is not there. It is read through before it gets its name, so that a log is there
 * whole and sound, or not at all. Throws `LogUnavailableError` where there is a log, or no whole backup.
 */
export async function restoreLog(
  backup: string,
  logFolder: string,
  { onProgress = () => {} }: Pick<VerifyOptions, 'onProgress'> = {},
): Promise<Verified<BackupManifest>> {
  await requireEmpty(logFolder, 'a log is restored only where there is none')
  const kept = await readManifest(backup)
  const partial = `${logFolder}.part`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  const file = join(partial, names.data)
  const sha256 = createHash('sha256')
  const target = await open(file, 'w')
  try {
    const source = createReadStream(join(backup, names.log, names.data))
    source.on('data', (chunk) => sha256.update(chunk))
    await pipeline(source, target.createWriteStream({ flush: true }))
    if (sha256.digest('hex') !== kept.sha256) {
      throw new LogUnavailableError(`${backup} is not what it was when it was taken: restore another backup`)
    }
    await copyArchive(join(backup, names.log), partial)
    const report = await verifyFolder(partial, onProgress)
    if (report.findingCount > 0) return { kind: 'damaged', report }
    await rename(partial, logFolder)
    return { kind: 'sound', kept, report }
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** Copies the archived days that are there. */
async function copyArchive(fromLog: string, toLog: string): Promise<void> {
  const [source, target] = [archiveFolderOf(fromLog), archiveFolderOf(toLog)]
  const files = await readdir(source).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  if (files.length > 0) await mkdir(target, { recursive: true })
  for (const name of files.filter((one) => !one.endsWith('.part'))) {
    await copyFile(join(source, name), join(target, name))
    await flushToDisk(join(target, name))
  }
}

/** Checks what copying may spoil. What events say is not its matter: a backup of whatever was stored can be put back. */
async function verifyFolder(folder: string, onProgress: (events: number) => void): Promise<VerifyReport> {
  const log = await openLmdbReader(folder)
  try {
    return await verifyLog(log, { contents: false, onProgress })
  } finally {
    await log.close()
    await rm(join(folder, names.lock), { force: true })
  }
}

async function readManifest(backup: string): Promise<BackupManifest> {
  const file = join(backup, names.manifest)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new LogUnavailableError(`${backup} is no whole backup, it has no ${names.manifest}: name another`, {
      cause: error,
    })
  })
  const parsed = manifest.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw new LogUnavailableError(`${file} is of another version or damaged: use the version that wrote it`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function requireEmpty(folder: string, rule: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new LogUnavailableError(`${folder} cannot be used: ${String(error)}`, { cause: error })
  })
  if (entries.length > 0) throw new LogUnavailableError(`${folder} is not empty, and ${rule}: name another`)
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
