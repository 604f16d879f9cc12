/** What of a complaint is counted. */
interface Counted {
  readonly customer: string
  /** When the trouble began. */
  readonly fromMs: number
}

/** The complaints that fit a cause, counted by customer and by when their trouble began. */
export class Company<Complaint extends Counted> {
  readonly complaints = new Set<Complaint>()
  private readonly customers = new Map<string, number>()
  private readonly begun = new Map<number, number>()
  /** When the last trouble of the company began. */
  lastMs = -Infinity

  /** Distinct customers. */
  get size(): number {
    return this.customers.size
  }

  has(customer: string): boolean {
    return this.customers.has(customer)
  }

  add(complaint: Complaint): void {
    this.complaints.add(complaint)
    count(this.customers, complaint.customer, 1)
    count(this.begun, complaint.fromMs, 1)
    this.lastMs = Math.max(this.lastMs, complaint.fromMs)
  }

  /** Call before the complaint's facts change. */
  delete(complaint: Complaint): void {
    if (!this.complaints.delete(complaint)) return
    count(this.customers, complaint.customer, -1)
    count(this.begun, complaint.fromMs, -1)
    if (complaint.fromMs !== this.lastMs || this.begun.has(complaint.fromMs)) return
    this.lastMs = -Infinity
    for (const ms of this.begun.keys()) this.lastMs = Math.max(this.lastMs, ms)
  }

  /** Lets go of a complaint that leaves the window; it was company all the same, and stays counted. */
  release(complaint: Complaint): void {
    this.complaints.delete(complaint)
  }

  clear(): void {
    this.complaints.clear()
    this.customers.clear()
    this.begun.clear()
    this.lastMs = -Infinity
  }
}

/** Counts up or down; what comes to nothing is forgotten. */
export function count<Key>(counts: Map<Key, number>, key: Key, step: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + step
  if (next === 0) counts.delete(key)
  else counts.set(key, next)
}
