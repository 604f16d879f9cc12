import type { OutageEnded, OutageOpened, OutageState } from '../schemas/outage.ts'
import { union } from './quadkey.ts'

/** How an outage stands, as far as it may stand otherwise together with those that people put into it. */
export interface OwnStanding {
  readonly state: OutageState
  readonly since: string
  readonly box?: OutageOpened['box']
  readonly ended?: { readonly at: string; readonly reason: OutageEnded['reason'] } | undefined
  readonly restoredAt?: string | undefined
  readonly repairedAt?: string | undefined
}

interface Standing extends OwnStanding {
  readonly own?: OwnStanding | undefined
  readonly stillOut?: object | undefined
}

/** The row as it stands by itself. */
export function ownOf<Row extends Standing>(row: Row): Row {
  return row.own === undefined ? row : { ...row, ...row.own, own: undefined }
}

/**
 * The row (its standing its own) as it stands with its parts: since the first began, open while one is, and no better than the
 * worst that has not ended; nobody is told "restored" while a part of it lasts.
 */
export function standingOf<Row extends Standing>(row: Row, parts: readonly Standing[]): Row {
  if (parts.length === 0) return row
  const { state, since, box, ended, restoredAt, repairedAt } = row
  const all = [row, ...parts]
  const lasting = all.filter((part) => part.ended === undefined || part.stillOut !== undefined)
  const worst = (['open', 'watched'] as const).find((at) => lasting.some((part) => stateIn(part) === at))
  const together: OwnStanding = {
    state: worst ?? 'restored',
    since: all.reduce((first, part) => (part.since < first ? part.since : first), since),
    box: all.reduce<OutageOpened['box']>((sum, part) => unionOf(sum, part.box), undefined),
    ended:
      lasting.length > 0
        ? undefined
        : { at: latest(all.map((part) => part.ended?.at)) ?? '', reason: reasonOf(all) },
    restoredAt: worst === undefined ? latest(all.map((part) => part.restoredAt)) : undefined,
    repairedAt: worst === 'open' ? undefined : latest(all.map((part) => part.repairedAt)),
  }
  return { ...row, ...together, own: { state, since, box, ended, restoredAt, repairedAt } }
}

/** Of what customers who are still out hold open, the engine says otherwise. */
function stateIn({ state, stillOut }: Standing): OutageState {
  return stillOut === undefined ? state : 'open'
}

/** Restored where anything of it was: the rest ended because it was no outage, or one with another. */
function reasonOf(all: readonly Standing[]): OutageEnded['reason'] {
  const reasons = all.flatMap(({ ended }) => ended?.reason ?? [])
  return reasons.includes('restored') ? 'restored' : (reasons[0] ?? 'restored')
}

function latest(moments: readonly (string | undefined)[]): string | undefined {
  return moments.reduce((last, at) => ((at ?? '') > (last ?? '') ? at : last), undefined)
}

function unionOf(a: OutageOpened['box'], b: OutageOpened['box']): OutageOpened['box'] {
  if (a === undefined || b === undefined) return a ?? b
  const [west, south, east, north] = union(a, b)
  return [west, south, east, north]
}
