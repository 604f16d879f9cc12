import type { Ruleset } from '../../schemas/ruleset.ts'
import { byStart, type Cause, type Complaint } from './model.ts'

/** Complaints are found by spans of this length. */
const spanMs = 3_600_000
/** Times that are less certain than this are no help in finding them. */
const vagueMs = 2 * spanMs
const anyTime = -1

/**
 * Causes that many customers complain of just now, and the complaints whose place says too little to find what serves it: no
 * place at all, a default geocode, an address at home of somebody who may have been elsewhere. The one may explain the other,
 * by its share of all customers.
 */
export class CrowdBook {
  /** Causes with a crowd, earliest first. */
  readonly causes: Cause[] = []
  /** Complaints of a vague place, by the span in which their trouble began. */
  private readonly vague = new Map<number, Set<Complaint>>()

  /** The cause's company may have changed, or (`moved`) its time; answers whether it has a crowd, and whether that is new or over. */
  note(cause: Cause, ruleset: Ruleset, moved: boolean): 'none' | 'same' | 'changed' {
    const had = cause.hasCrowd
    cause.hasCrowd =
      ruleset.crowds !== undefined &&
      !cause.retired &&
      cause.kind !== 'gap' &&
      cause.company.size >= ruleset.crowds.minCustomers
    if (!had && !cause.hasCrowd) return 'none'
    if (had === cause.hasCrowd && !moved) return 'same'
    if (had) this.causes.splice(this.causes.indexOf(cause), 1)
    if (cause.hasCrowd) {
      let at = this.causes.length
      while (at > 0 && byStart(cause, this.causes[at - 1] ?? cause) < 0) at -= 1
      this.causes.splice(at, 0, cause)
    }
    return had === cause.hasCrowd ? 'same' : 'changed'
  }

  add(complaint: Complaint): void {
    if (!isVague(complaint)) return
    const span = spanOf(complaint)
    const known = this.vague.get(span)
    if (known === undefined) this.vague.set(span, new Set([complaint]))
    else known.add(complaint)
  }

  /** Call before the complaint's facts change. */
  delete(complaint: Complaint): void {
    const span = spanOf(complaint)
    const known = this.vague.get(span)
    if (known?.delete(complaint) === true && known.size === 0) this.vague.delete(span)
  }

  /** Complaints of a vague place whose trouble may have begun between two moments. */
  *begunWithin(fromMs: number, toMs: number): Generator<Complaint> {
    for (const [span, complaints] of this.vague)
      if (span === anyTime || ((span + 1) * spanMs + vagueMs >= fromMs && span * spanMs - vagueMs <= toMs))
        yield* complaints
  }
}

function spanOf({ fromMs, uncertaintyMs }: Complaint): number {
  return uncertaintyMs > vagueMs ? anyTime : Math.floor(fromMs / spanMs)
}

/** The place says too little to find what serves it. */
export function isVague({ point, servedBy, shared, facts }: Complaint): boolean {
  return servedBy === undefined && (point === undefined || shared || facts.place?.source === 'home')
}
