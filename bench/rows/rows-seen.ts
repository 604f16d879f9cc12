import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allProjections, tagOf } from '../../projections/all-projections.ts'
import { byCluster } from '../../projections/complaint-row.ts'
import { prefix } from '../../projections/key.ts'
import type { Notice } from '../../projections/notice-row.ts'
import { noticesOpen } from '../../projections/notice.ts'
import { outageById } from '../../projections/outage-queries.ts'
import { eachRow } from '../../projections/rows.ts'
import type { Event } from '../../schemas/event.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { configSchema } from '../../src/config/config.ts'
import { createEngine, engineVersion, type Input } from '../../src/correlate/engine.ts'
import { toPosition } from '../../src/event-log/position.ts'
import { foldEvents } from '../../src/pipeline/project-events.ts'
import { openLmdbRowStore } from '../../src/row-store/lmdb-row-store.ts'
import type { RowStore } from '../../src/row-store/row-store.ts'
import { refKey } from './true-outages.ts'
import { machineEvent } from '../machine-event.ts'

/** A row of the list that network operations watches, from when it was first there. */
export interface RowSeen {
  readonly kind: Notice['kind']
  readonly id: string
  readonly atMs: number
  /** Each outage that the row ever stood for, and each cluster, from when it did. */
  readonly parts: ReadonlyMap<string, number>
  /** Of those outages every root that they ever had, as `kind:id`. */
  readonly roots: ReadonlyMap<string, readonly string[]>
  /** The complaints that a cluster ever held. */
  readonly complaintIds: ReadonlySet<string>
}

interface Draft {
  readonly kind: Notice['kind']
  readonly atMs: number
  readonly parts: Map<string, number>
  readonly complaintIds: Set<string>
}

const lookEveryMs = 60_000
const { noc } = configSchema.parse({})

/**
 * Folds events through engine and read models and, from a moment on, looks at the list as it stands once a minute of the log's time. A
 * row is new when its id is there for the first time; for good, whatever becomes of it.
 */
export async function rowsSeen(
  events: readonly Event[],
  ruleset: Ruleset,
  fromMs: number,
): Promise<RowSeen[]> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-rows-'))
  const store = await openLmdbRowStore({ folder, tag: tagOf(allProjections) })
  try {
    const drafts = new Map<string, Draft>()
    foldDay(store, { events, ruleset, fromMs }, (nowMs) => {
      const { notices } = noticesOpen(store, undefined, {
        nowMs,
        weights: noc,
        minCustomers: ruleset.clusters.minCustomers,
        togetherMs: noc.togetherMs,
        muted: 'shown',
        maxNotices: noc.maxNotices,
      })
      for (const notice of notices) note(store, drafts, notice, nowMs)
    })
    return [...drafts].map(([id, draft]) => ({ id, ...draft, roots: rootsOf(store, draft) }))
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function foldDay(
  store: RowStore,
  { events, ruleset, fromMs }: { events: readonly Event[]; ruleset: Ruleset; fromMs: number },
  look: (nowMs: number) => void,
): void {
  const fold = foldEvents(store, allProjections, { momentsOf: store })
  const engine = createEngine()
  let count = 0
  const project = (event: Event): void => {
    count += 1
    fold.project({ ...event, stream: 'day', revision: count, position: toPosition(count) })
  }
  const take = (event: Event): void => {
    project(event)
    for (const decision of engine.decide(event as Input)) project(decision)
  }
  const sorted = events.toSorted((a, b) =>
    a.recordedAt < b.recordedAt ? -1 : a.recordedAt > b.recordedAt ? 1 : 0,
  )
  take(machineEvent('RulesetActivated', sorted[0]?.recordedAt ?? '', { ruleset, engineVersion }))
  let nextMs = fromMs
  for (const event of sorted) {
    for (; toMs(event.recordedAt) > nextMs; nextMs += lookEveryMs) {
      take(machineEvent('ClockTicked', toInstant(nextMs), {}))
      fold.commit(toPosition(count))
      look(nextMs)
    }
    take(event)
  }
}

function note(store: RowStore, drafts: Map<string, Draft>, notice: Notice, nowMs: number): void {
  const { kind, id, together = [notice] } = notice
  const draft = drafts.get(id) ?? { kind, atMs: nowMs, parts: new Map(), complaintIds: new Set() }
  drafts.set(id, draft)
  for (const part of together) {
    if (!draft.parts.has(part.id)) draft.parts.set(part.id, nowMs)
  }
  if (kind === 'cluster')
    for (const entry of eachRow(store, byCluster, prefix(id))) draft.complaintIds.add(entry.id)
}

function rootsOf(store: RowStore, { kind, parts }: Draft): ReadonlyMap<string, readonly string[]> {
  if (kind === 'cluster') return new Map()
  return new Map(
    [...parts.keys()].map((part) => [
      part,
      outageById(store, part)?.roots.map(({ root }) => refKey(root)) ?? [],
    ]),
  )
}
