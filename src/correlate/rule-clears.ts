import type { AlarmCleared, AlarmRaised } from '../../schemas/alarm.ts'
import { clearsAlarm } from './alarm-record.ts'
import { Arrivals } from './arrivals.ts'

/** Clears kept for one object; the oldest goes first. */
const maxClearsPerObject = 256

interface Kept {
  readonly ms: number
  readonly data: AlarmCleared
}

/**
 * Clears by X.733's rule, which name an object and no alarm: kept for the window, since what they clear may arrive
 * after them.
 */
export class RuleClears {
  private readonly byObject = new Map<string, Kept[]>()
  private readonly taken = new Arrivals<{ readonly object: string; readonly clear: Kept }>()

  /** Objects with clears that are kept. */
  get size(): number {
    return this.byObject.size
  }

  take(source: string, data: AlarmCleared, ms: number, nowMs: number): void {
    const object = objectOf(source, data.elementId)
    const clear = { ms, data }
    const kept = this.byObject.get(object)
    if (kept === undefined) this.byObject.set(object, [clear])
    else {
      kept.push(clear)
      kept.sort((a, b) => a.ms - b.ms)
      if (kept.length > maxClearsPerObject) kept.shift()
    }
    this.taken.push({ object, clear }, nowMs)
  }

  /** When clears that have come already end what is raised here. */
  momentsFor(source: string, raised: AlarmRaised): number[] {
    const kept = this.byObject.get(objectOf(source, raised.elementId)) ?? []
    return kept.filter(({ data }) => clearsAlarm(data, raised)).map(({ ms }) => ms)
  }

  /** Forgets what arrived before a moment. */
  retire(limitMs: number): void {
    for (let next = this.taken.takeBefore(limitMs); next; next = this.taken.takeBefore(limitMs)) {
      const { object, clear } = next.item
      const kept = this.byObject.get(object)
      const at = kept?.indexOf(clear) ?? -1
      if (at >= 0) kept?.splice(at, 1)
      if (kept?.length === 0) this.byObject.delete(object)
    }
  }
}

const objectOf = (source: string, elementId: string | undefined): string => `${source}/${elementId ?? ''}`
