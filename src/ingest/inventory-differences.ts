import type { ElementChanged, ElementLink, ElementRegistered } from '../../schemas/element.ts'
import { canonicalJson, contentNotification } from '../../schemas/event-id.ts'
import type { Event } from '../../schemas/event.ts'
import { draftsOf, type RowResult } from './draft.ts'
import type { InventoryFact } from './element-rows.ts'

/** The most elements and links of one source. */
export const maxInventoryFacts = 5_000_000

type UnsetField = NonNullable<ElementChanged['unset']>[number]

/** What a source's inventory stream holds. */
export type InventoryEvent = Extract<
  Event,
  { type: 'ElementRegistered' | 'ElementChanged' | 'ElementRetired' | 'ElementLinked' | 'ElementUnlinked' }
>

interface Known<T> {
  /** Left out: retired or unlinked. */
  current: T | undefined
  /** Events about it so far: the same change made again later is another event. */
  events: number
  /** Whether this run has named it. */
  seen: boolean
}

/** What a source's inventory says now, against what the log has of it. */
export interface InventoryDifferences {
  /** Folds what the source's stream holds. */
  readonly fold: (event: InventoryEvent) => void
  /** The events that bring the log up to this fact; none where it is known already. */
  differences(fact: InventoryFact, times: Times): RowResult
  /** Retires and unlinks what no fact of this run has named. */
  missing(times: Times): RowResult
}

interface Times {
  readonly occurredAt: string
  readonly recordedAt?: string | undefined
}

/** Inventory goes into the log as differences: read again unchanged it adds nothing, however much later. */
export function createInventoryDifferences(): InventoryDifferences {
  const elements = new Map<string, Known<ElementRegistered>>()
  const links = new Map<string, Known<ElementLink>>()

  function element(data: ElementRegistered, times: Times): RowResult {
    const known = entryOf(elements, data.elementId)
    if (known.seen) return { refused: `${data.elementId} is registered by an earlier row` }
    known.seen = true
    const before = known.current
    if (before !== undefined && canonicalJson(before) === canonicalJson(data)) return { drafts: [] }
    known.current = data
    const change = before === undefined ? data : changeOf(before, data)
    const type = before === undefined ? 'ElementRegistered' : 'ElementChanged'
    return wishOf(type, data.elementId, change, known, times)
  }

  function link(data: ElementLink, times: Times): RowResult {
    if (data.elementId === data.dependsOn) return { refused: `${data.elementId} cannot depend on itself` }
    const key = keyOf(data)
    const known = entryOf(links, key)
    known.seen = true
    if (known.current !== undefined) return { drafts: [] }
    known.current = data
    return wishOf('ElementLinked', key, data, known, times)
  }

  return {
    fold(event) {
      switch (event.type) {
        case 'ElementRegistered':
          note(entryOf(elements, event.data.elementId), event.data)
          break
        case 'ElementChanged': {
          const known = entryOf(elements, event.data.elementId)
          note(known, known.current === undefined ? undefined : changed(known.current, event.data))
          break
        }
        case 'ElementRetired':
          note(entryOf(elements, event.data.elementId), undefined)
          break
        case 'ElementLinked':
          note(entryOf(links, keyOf(event.data)), event.data)
          break
        case 'ElementUnlinked':
          note(entryOf(links, keyOf(event.data)), undefined)
          break
      }
    },
    differences(fact, times) {
      // Checked first: what is stored and what is compared is what the schema makes of the row.
      const checked = draftsOf([{ ...fact, ...times, notification: '' }])
      if ('refused' in checked) return checked
      const data = checked.drafts[0]?.data as unknown
      return fact.type === 'ElementRegistered'
        ? element(data as ElementRegistered, times)
        : link(data as ElementLink, times)
    },
    missing(times) {
      const gone = [...links].filter(([, known]) => known.current !== undefined && !known.seen)
      const retired = [...elements].filter(([, known]) => known.current !== undefined && !known.seen)
      const results = [
        ...gone.map(([key, known]) => wishOf('ElementUnlinked', key, known.current ?? {}, known, times)),
        ...retired.map(([elementId, known]) =>
          wishOf('ElementRetired', elementId, { elementId }, known, times),
        ),
      ]
      return { drafts: results.flatMap((result) => ('drafts' in result ? result.drafts : [])) }
    },
  }
}

function entryOf<T>(entries: Map<string, Known<T>>, key: string): Known<T> {
  const known = entries.get(key) ?? { current: undefined, events: 0, seen: false }
  entries.set(key, known)
  return known
}

function note<T>(known: Known<T>, current: T | undefined): void {
  known.current = current
  known.events += 1
}

function keyOf({ elementId, dependsOn, relation }: ElementLink): string {
  return JSON.stringify([elementId, relation, dependsOn])
}

function wishOf<T>(
  type: 'ElementRegistered' | 'ElementChanged' | 'ElementRetired' | 'ElementLinked' | 'ElementUnlinked',
  key: string,
  data: object,
  known: Known<T>,
  times: Times,
): RowResult {
  const notification = contentNotification(key, String(known.events), data)
  known.events += 1
  return draftsOf([{ type, ...times, data: { ...data }, notification }])
}

/** What is to be set and removed so that one becomes the other. */
export function changeOf(before: ElementRegistered, after: ElementRegistered): ElementChanged {
  const { elementId, ...fields } = after
  const old: Readonly<Record<string, unknown>> = { ...before }
  const set = Object.fromEntries(
    Object.entries(fields).filter(([field, value]) => canonicalJson(value) !== canonicalJson(old[field])),
  )
  const unset = Object.keys(before).filter((field) => !(field in after)) as UnsetField[]
  return { elementId, set, ...(unset.length > 0 ? { unset } : {}) }
}

function changed(before: ElementRegistered, { set, unset }: ElementChanged): ElementRegistered {
  const after = { ...before, ...set } as ElementRegistered
  for (const field of unset ?? []) delete after[field]
  return after
}
