import type { CauseRef } from '../schemas/attribution.ts'
import { toMs } from '../schemas/instant.ts'
import { advisoryById } from './advisory.ts'
import { alarmOfCauseId, alarms, pastOccurrences, type PastOccurrence } from './alarm-row.ts'
import { clusterById, clusterSpells, type ClusterView } from './cluster.ts'
import type { ComplaintView } from './complaint-queries.ts'
import { story, type ComplaintStatus } from './complaint-row.ts'
import { cutoverById } from './cutover.ts'
import { gapById } from './gap.ts'
import { key, prefix } from './key.ts'
import { pageOfList } from './listing.ts'
import { outageById, type OutageView } from './outage-queries.ts'
import { outageSpells } from './outage.ts'
import type { Page, PageRequest } from './page.ts'
import { eachRow, rowOf, type Rows } from './rows.ts'
import { activeRuleset } from './ruleset.ts'
import { spellsAround, spellStatus, type Spell, type SpellStatus } from './spell.ts'

/*
 * What was true in the world at a moment, as the rows know it: when alarms, works and troubles were, by what was said of
 * them however late. What explains what is not asked anew: the newest word on it stands.
 */

/** How something stood in the world at a moment, and from when to when it was so. */
export interface Then extends Spell {
  readonly time: string
  readonly status: SpellStatus
}

function thenOf({ from, to }: Spell, time: string): Then {
  return { time, status: spellStatus({ from, to }, time), from, to }
}

/** An outage begins with its root cause and is over with it, or when it was ended, whichever came first. */
export function outageThen(rows: Rows, { since, root, ended, stillOut }: OutageView, at: string): Then {
  if (stillOut !== undefined) return thenOf({ from: since }, at)
  const overAt = spellOfCause(rows, root)?.to
  const isFirst = overAt !== undefined && (ended === undefined || overAt < ended.at)
  return thenOf({ from: since, to: isFirst ? overAt : ended?.at }, at)
}

/** A cluster begins with the first report of those that it was opened for, and is over when it was closed. */
export function clusterThen({ since, openedAt, closed }: ClusterView, at: string): Then {
  return thenOf({ from: since ?? openedAt, to: closed?.at }, at)
}

/** A cause of the chain that explains a complaint now. */
export interface CauseThen extends Spell {
  readonly cause: CauseRef
  readonly title: string
  readonly elementId?: string | undefined
  readonly status: SpellStatus
}

export interface ComplaintThen {
  readonly time: string
  /** By what the customer said; `unknown` where no beginning was said. */
  readonly trouble: SpellStatus | 'unknown'
  /** What had been done about it by then; `not-reported` before the customer called. */
  readonly status: ComplaintStatus | 'not-reported'
  readonly causes: readonly CauseThen[]
  readonly outage?: (Then & { readonly outageId: string }) | undefined
  readonly cluster?: (Then & { readonly clusterId: string }) | undefined
}

export function complaintThen(rows: Rows, view: ComplaintView, at: string): ComplaintThen {
  const { complaintId, facts, current, outageId, clusterId } = view
  const outage = outageId === undefined ? undefined : outageById(rows, outageId)
  const cluster = clusterId === undefined ? undefined : clusterById(rows, clusterId)
  return {
    time: at,
    trouble: facts.trouble.from === undefined ? 'unknown' : spellStatus(facts.trouble, at),
    status: at < facts.reportedAt ? 'not-reported' : statusThen(rows, complaintId, at),
    causes: (current?.attribution.chain ?? []).map(({ cause, title, elementId, ...told }) => {
      const { from = told.from, to = told.to } = spellOfCause(rows, cause) ?? {}
      return { cause, title, elementId, from, to, status: spellStatus({ from, to }, at) }
    }),
    outage: outage && { outageId: outage.outageId, ...outageThen(rows, outage, at) },
    cluster: cluster && { clusterId: cluster.clusterId, ...clusterThen(cluster, at) },
  }
}

/** What people had done by then; what was taken back since was never so. */
function statusThen(rows: Rows, complaintId: string, at: string): ComplaintStatus {
  const acts = [...eachRow(rows, story, prefix(complaintId))]
  const undone = new Set(
    acts.flatMap(({ type, data }) => (type === 'DecisionUndone' && 'eventId' in data ? [data.eventId] : [])),
  )
  const newest = (type: string): string =>
    acts.reduce(
      (last, act) =>
        act.type === type && act.occurredAt <= at && act.occurredAt > last && !undone.has(act.eventId)
          ? act.occurredAt
          : last,
      '',
    )
  if (newest('ComplaintWithdrawn') !== '') return 'withdrawn'
  const [dispatched, resolved] = [newest('ComplaintDispatched'), newest('ComplaintResolved')]
  if (dispatched > resolved) return 'dispatched'
  if (resolved !== '') return 'resolved'
  return newest('ReplyGiven') === '' ? 'open' : 'answered'
}

/** From when to when a cause held; `undefined` where the rows do not know it. */
function spellOfCause(rows: Rows, { kind, id }: CauseRef): Spell | undefined {
  switch (kind) {
    case 'alarm':
      return spellOfAlarm(rows, id)
    case 'cutover': {
      const row = cutoverById(rows, id)
      const { startedAt, finishedAt, cancelledAt, plan } = row ?? {}
      const planned = startedAt === undefined ? plan?.plannedEnd : undefined
      return row && { from: startedAt ?? plan?.plannedStart, to: finishedAt ?? cancelledAt ?? planned }
    }
    case 'gap': {
      const row = gapById(rows, id)
      return row && { from: row.facts.since, to: row.closedAt }
    }
    case 'advisory': {
      const row = advisoryById(rows, id)
      return row && { from: row.since, to: row.withdrawnAt ?? row.facts.to }
    }
  }
}

/** The most occurrences of one alarm that are looked at as one trouble. */
const maxOccurrences = 500
/** Where no ruleset says otherwise. */
const defaultDwellMs = 30 * 60_000

/** An alarm raised again sooner than the dwell after its clear goes on with its trouble, as for the engine. */
function spellOfAlarm(rows: Rows, causeId: string): Spell | undefined {
  const named = alarmOfCauseId(causeId)
  if (named === undefined) return undefined
  const { source, alarmId, raisedAt } = named
  const dwellMs = activeRuleset(rows)?.ruleset.times.dwellMs ?? defaultDwellMs
  const past = rows.scan(pastOccurrences.name, {
    prefix: prefix(source, alarmId),
    from: key(source, alarmId, raisedAt),
    limit: maxOccurrences,
  })
  const newest = rowOf(rows, alarms, key(source, alarmId))
  const spells: Spell[] = past.rows.map(({ value }) => {
    const { raisedAt: from, clearedAt: to } = value as PastOccurrence
    return { from, to }
  })
  if (newest !== undefined && newest.raisedAt >= raisedAt) {
    spells.push({ from: newest.raisedAt, to: newest.cleared?.at })
  }
  const [first, ...later] = spells
  if (first?.from !== raisedAt) return undefined
  let to = first.to
  for (const next of later) {
    if (to === undefined || toMs(next.from ?? to) - toMs(to) >= dwellMs) break
    to = next.to
  }
  return { from: raisedAt, to }
}

/** Outages that were open in the world at a moment, in no order that means anything. */
export function outagesAt(rows: Rows, at: string, request: PageRequest): Page<OutageView & { at: Then }> {
  return pageOfList(rows, outageSpells, spellsAround(at), request, (id) => {
    const outage = outageById(rows, id)
    if (outage === undefined) return undefined
    const then = outageThen(rows, outage, at)
    return then.status === 'open' ? { ...outage, at: then } : undefined
  })
}

/** Clusters that were open in the world at a moment, in no order that means anything. */
export function clustersAt(rows: Rows, at: string, request: PageRequest): Page<ClusterView & { at: Then }> {
  return pageOfList(rows, clusterSpells, spellsAround(at), request, (id) => {
    const cluster = clusterById(rows, id)
    if (cluster === undefined) return undefined
    const then = clusterThen(cluster, at)
    return then.status === 'open' ? { ...cluster, at: then } : undefined
  })
}
