import { z } from 'zod'
import { sourceName } from '../../schemas/envelope.ts'
import { pullKinds } from '../../schemas/feed-pull.ts'

const httpUrl = z
  .string()
  .max(2_000)
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be http:// or https://',
  )
const text = z.string().min(1).max(1_000)

/** Something that is drawn from another system again and again: by address, or as files that it drops into a folder. */
export const puller = z
  .strictObject({
    name: z.string().regex(/^[\w-]{1,60}$/, 'must be up to 60 letters, digits, "_" and "-"'),
    /** The source of what is drawn; pullers of one system share it. */
    source: sourceName,
    kind: z.enum(pullKinds),
    url: httpUrl.optional(),
    /** Sent with every request. Secrets belong into `bearerEnv` or `bearerFile`. */
    headers: z.record(text, text).default({}),
    /** The variable of the environment, or the file, that holds a bearer token. Read anew for every pull. */
    bearerEnv: text.optional(),
    bearerFile: text.optional(),
    folder: text.optional(),
    /** From one start to the next; of a folder, from one look to the next. */
    intervalMs: z.int().min(100).default(300_000),
    /** Of one answer, to its last byte. */
    timeoutMs: z.int().min(1).default(30_000),
    /** Of one answer or file, unpacked. */
    maxBytes: z.int().min(1).max(268_435_456).default(67_108_864),
    /** Left out: as the answer's content type or the file's name says. */
    format: z.enum(['json', 'csv']).optional(),
    encoding: z.enum(['auto', 'utf-8', 'gb18030']).default('auto'),
    delimiter: z.enum([',', ';', '\t']).optional(),
    /** Of JSON: where the list is, as `/data/alarms` or `data.alarms`; left out, the whole answer. */
    list: z.string().max(500).default(''),
    /** Field to column, or to a path within an item of JSON. What is left out is found by its own name. */
    map: z.record(text, text).default({}),
    /** What a field is where an item does not say. */
    set: z.record(text, text).default({}),
    /** By field: what is written, and what it means. */
    words: z.record(text, z.record(z.string(), text)).default({}),
    /** Of times without an offset. */
    zone: z.string().max(64).refine(isTimeZone, 'is no IANA time zone, like Asia/Shanghai').optional(),
    /** As `causeway import --time-format` takes it, or `epoch-s`, `epoch-ms`. */
    timeFormat: text.optional(),
    /** Of alarms: the whole list of what is active, so that what is missing has cleared. `false`: what happened, row by row. */
    whole: z.boolean().default(true),
    /** Of whole lists of alarms and inventories: none may be a true answer. Otherwise it counts as a failure. */
    allowEmpty: z.boolean().default(false),
    /** Of an inventory: elements that are not in it are retired. */
    retireMissing: z.boolean().default(false),
  })
  .refine(({ url, folder }) => (url === undefined) !== (folder === undefined), {
    message: 'needs a url or a folder, and not both',
    path: ['url'],
  })
export type Puller = z.infer<typeof puller>

export const pullers = z
  .array(puller)
  .max(200)
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    'two pullers share one name; give each a name of its own',
  )
  .default([])

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
