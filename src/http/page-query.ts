import { z } from 'zod'
import { causeRef, type CauseRef } from '../../schemas/attribution.ts'
import { pageCursor, type Page, type PageRequest } from '../../projections/page.ts'
import type { Box } from '../../projections/quadkey.ts'
import { asOfMark, type AnswerAsOf } from '../../schemas/as-of.ts'
import { dataAsOf as dataAsOfSources } from '../../schemas/answer-complaint.ts'
import { notFound, ProblemError } from './problem.ts'
import type { Sight } from './sight.ts'
import type { Services } from './services.ts'

/** What every list takes: where to go on, and how much. */
export const pageFields = {
  cursor: pageCursor.optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).optional(),
}

/** `west,south,east,north` in degrees. */
export const boxText = z
  .string()
  .max(100)
  .transform((text, context): Box => {
    const [west = NaN, south = NaN, east = NaN, north = NaN, ...more] = text.split(',').map(degrees)
    const isBox = west <= east && south <= north && west >= -180 && east <= 180 && south >= -90 && north <= 90
    if (isBox && more.length === 0) return [west, south, east, north]
    context.addIssue({ code: 'custom', message: 'must be west,south,east,north in degrees' })
    return z.NEVER
  })

/** `lon,lat` in degrees. */
export const pointText = z
  .string()
  .max(60)
  .transform((text, context): [number, number] => {
    const [lon = NaN, lat = NaN, ...more] = text.split(',').map(degrees)
    if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && more.length === 0) return [lon, lat]
    context.addIssue({ code: 'custom', message: 'must be lon,lat in degrees' })
    return z.NEVER
  })

/** A cause, named by both of these. */
export const causeFields = {
  causeKind: causeRef.shape.kind.optional().describe('With causeId: only what this cause explains'),
  causeId: z.string().min(1).max(500).optional().describe('With causeKind'),
}

/** The cause that is asked for; half of one is a problem, so that no list passes for a narrower one. */
export function causeAsked({
  causeKind: kind,
  causeId: id,
}: {
  readonly causeKind?: CauseRef['kind'] | undefined
  readonly causeId?: string | undefined
}): CauseRef | undefined {
  if (kind !== undefined && id !== undefined) return { kind, id }
  if (kind === undefined && id === undefined) return undefined
  const missing = kind === undefined ? 'causeKind' : 'causeId'
  throw new ProblemError(400, 'The query is not as it should be.', {
    errors: [{ in: 'query', pointer: `/${missing}`, detail: 'a cause has a kind and an id' }],
  })
}

/** What `at` does to a list. */
export const openAtWords =
  'Those that were open in the world at this moment, by what is known now, or by what was known as of `asOf`; without status and cause'

/** Refuses a moment of the world together with what it cannot be narrowed by, so that no list passes for a narrower one. */
export function mustBeAlone(query: Readonly<Record<string, unknown>>): void {
  const errors = ['status', 'causeKind', 'causeId']
    .filter((name) => query[name] !== undefined)
    .map((name) => ({ in: 'query' as const, pointer: `/${name}`, detail: 'does not go with at' }))
  if (errors.length > 0) throw new ProblemError(400, 'The query is not as it should be.', { errors })
}

/** The items of a page that are wanted. What is left may be few, and the page still has its `next`. */
export function onlyWanted<Item>(page: Page<Item>, isWanted: (item: Item) => boolean): Page<Item> {
  return { ...page, items: page.items.filter(isWanted) }
}

function degrees(text: string): number {
  return /^\s*-?\d{1,3}(\.\d{1,15})?\s*$/.test(text) ? Number(text) : NaN
}

/** How current the picture is on which an answer rests. */
const currencyFields = {
  dataAsOf: dataAsOfSources,
  staleFeeds: z.array(z.string()).describe('Sources that cannot be trusted now'),
  ...asOfMark,
}

/** A page of a list. */
export const pageOfItems = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item).describe('Perhaps fewer than asked for, also where there is a `next`'),
    next: z.string().optional().describe('Pass it as `cursor`; absent on the last page'),
    ...currencyFields,
  })
interface AnswerPage<Item> {
  items: Item[]
  next?: string
  dataAsOf: Record<string, string>
  staleFeeds: string[]
  asOf?: AnswerAsOf
}

/** One thing, with how current the picture is on which it rests. */
export const thingNow = (thing: z.ZodObject) => thing.extend(currencyFields)

export function pageRequest(
  { config: { limits } }: Services,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): PageRequest {
  return {
    limit: Math.min(limit ?? limits.pageSize, limits.maxPageSize),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

export function sendPage<Item extends object>(sight: Sight, { items, next }: Page<Item>): AnswerPage<Item> {
  return {
    items: [...items],
    ...(next === undefined ? {} : { next }),
    ...currency(sight),
  }
}

/** The thing, or the problem that there is none. */
export function sendThing(sight: Sight, what: string, id: string, thing: object | undefined): object {
  if (thing === undefined) throw notFound(what, id, sight.rows.knownAt)
  return { ...thing, ...currency(sight) }
}

/** How current the picture is on which an answer rests, to stand beside it. */
export function currency({
  dataAsOf,
  staleFeeds,
  asOf,
}: Sight): Pick<AnswerPage<object>, 'dataAsOf' | 'staleFeeds' | 'asOf'> {
  return { dataAsOf, staleFeeds, ...(asOf === undefined ? {} : { asOf }) }
}
