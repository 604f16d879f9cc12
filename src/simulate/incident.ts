import type { CauseRef } from '../../schemas/attribution.ts'
import type { LonLat } from '../../schemas/geo.ts'
import type { SimulatedEvent } from './feed-event.ts'
import type { SymptomProfile, TroubleKind } from './sim-params.ts'

/** Whom a trouble hits: those served by a site (or one sector of it), or those inside a circle. */
export type Reach =
  | { readonly kind: 'site'; readonly siteId: string; readonly cellId?: string }
  | {
      readonly kind: 'circle'
      readonly center: LonLat
      readonly radiusMeters: number
      readonly setting?: Setting
    }

export type Setting = 'indoor' | 'basement-or-lift' | 'outdoor' | 'moving'

/** What one trouble does to the customers of one network at one spot, as a process that gives rise to complaints. */
export interface Effect {
  /** Unique in the world. */
  readonly key: string
  readonly kind: TroubleKind
  readonly reach: Reach
  readonly network: string
  readonly fromMs: number
  readonly toMs: number
  /** Some notice at the start, the rest evenly over the span; false: all evenly. */
  readonly sudden: boolean
  /** Complaints to be expected over the whole span, repeats left out. */
  readonly expectedComplaints: number
  readonly profile: SymptomProfile
  /** What of it the events show, the root first, then from the customer upwards. Empty: it left no trace. */
  readonly accepted: readonly CauseRef[]
  readonly outageId: string
  readonly elementId?: string
}

/** Something that happens: what it makes the feeds say, and whom it hits. */
export interface Incident {
  readonly id: string
  /** When the last of it is over in the world. */
  readonly endMs: number
  readonly facts: readonly SimulatedEvent[]
  readonly effects: readonly Effect[]
}
