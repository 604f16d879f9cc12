import { readFile } from 'node:fs/promises'
import { instantInput } from '../../schemas/instant.ts'
import type { Encoding } from './decode-bytes.ts'
import { ImportError } from './import-error.ts'
import { parseMappingFile, parsePairs, type ImportOptions } from './import-options.ts'

/** How files are read, as the command line says it. */
export interface ReadingFlags {
  readonly encoding: Encoding
  readonly delimiter?: ',' | ';' | 'tab'
  readonly map: string[]
  readonly set: string[]
  readonly mapping?: string
}

export interface FactFlags extends ReadingFlags {
  readonly zone?: string
  readonly timeFormat?: string
  readonly source?: string
  readonly asOf?: string
  readonly backfill?: boolean
  readonly retireMissing?: boolean
}

/** The options that the flags mean. Throws `ImportError` where one of them means nothing. */
export async function importOptions(flags: FactFlags, nowMs: number): Promise<ImportOptions> {
  const { zone, timeFormat, source, asOf, backfill = false, retireMissing = false } = flags
  const at = asOf === undefined ? undefined : instantInput.safeParse(asOf)
  if (at?.success === false) throw new ImportError(`--as-of ${asOf} ${at.error.issues[0]?.message}`, 'usage')
  return {
    ...(await readingOptions(flags)),
    time: { zone, format: timeFormat },
    source,
    asOf: at?.data,
    backfill,
    nowMs,
    retireMissing,
  }
}

export async function readingOptions(
  flags: ReadingFlags,
): Promise<Pick<ImportOptions, 'table' | 'map' | 'set'>> {
  const { encoding, delimiter, map, set, mapping } = flags
  const inFile = mapping === undefined ? {} : parseMappingFile(await readMapping(mapping), mapping)
  return {
    table: { encoding, delimiter: delimiter === 'tab' ? '\t' : delimiter },
    map: { ...inFile, ...parsePairs(map, '--map') },
    set: parsePairs(set, '--set'),
  }
}

async function readMapping(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ImportError(`${path} cannot be read: ${error instanceof Error ? error.message : ''}`, 'usage')
  }
}
