import type { CallbackMade } from '../schemas/act.ts'
import type { CauseAttributed, CauseRef } from '../schemas/attribution.ts'
import type { ComplaintReceived } from '../schemas/complaint.ts'
import type { ElementRegistered } from '../schemas/element.ts'
import type { LonLat } from '../schemas/geo.ts'
import type { OutageEnded, OutageOpened } from '../schemas/outage.ts'
import type { Day } from './local-day.ts'
import { table } from './projection.ts'
import type { Counts, TallyRow } from './tally.ts'

/** In which zone days are counted: that of the ruleset in force when a thing was first told. Key: `zone`. */
export interface ZoneRow {
  readonly timeZone: string
}

/** The facts that figures are told by, as last amended. */
export type CountedFacts = Pick<ComplaintReceived, 'symptom' | 'service' | 'network' | 'setting' | 'place'>

/** What is said of a complaint's cause at last. */
export interface StandingCause {
  readonly verdict: CauseAttributed['verdict']
  readonly root?: CauseRef | undefined
  /** When this root was first named, with no other in between. */
  readonly namedAt?: string | undefined
  /** When what explains it was over, where it is. */
  readonly overAt?: string | undefined
}

/** All that one complaint adds to the figures is told by this. Key: complaint id. */
export interface CountedComplaint {
  readonly complaintId: string
  readonly day: Day
  readonly reportedAt: string
  readonly customerRef?: string | undefined
  readonly backfilled?: true | undefined
  readonly facts: CountedFacts
  readonly cause?: StandingCause | undefined
  /** The same customer called within the days before, and within those after. Absent where nobody can tell. */
  readonly calls?: { readonly before: boolean; readonly after: boolean } | undefined
  readonly replies: readonly {
    readonly eventId: string
    readonly at: string
    readonly statedEnd?: string | undefined
  }[]
  readonly callbacks: readonly {
    readonly eventId: string
    readonly day: Day
    readonly outcome: CallbackMade['outcome']
  }[]
  readonly dispatches: readonly { readonly eventId: string }[]
  readonly withdrawals: readonly { readonly eventId: string }[]
}

/** A customer's calls within one span of days, in order. Key: customerRef, number of the span. */
export interface CallsRow {
  readonly calls: readonly Call[]
}

export interface Call {
  readonly at: string
  readonly complaintId: string
}

/** Key: outage id. */
export interface CountedOutage extends Pick<OutageOpened, 'services' | 'network' | 'point'> {
  readonly day: Day
  readonly rootKind: CauseRef['kind']
  readonly box?: OutageOpened['box']
  readonly ended?: OutageEnded['reason'] | undefined
}

/** Key: element id; of one that only others name as their parent, `facts` is absent. */
export interface CountedElement {
  readonly facts?:
    | (Pick<ElementRegistered, 'subscribers' | 'services' | 'network' | 'parent'> & {
        readonly point?: LonLat | undefined
        readonly retired?: true | undefined
      })
    | undefined
  /** How many elements directly under it have subscribers of their own. */
  readonly below: number
}

/** Subscribers and how many elements have them. Key: dimension, value. */
export interface SubscribersRow {
  readonly value: string
  readonly counts: Counts
}

export const zone = table<ZoneRow>('statistics.zone')
export const countedComplaints = table<CountedComplaint>('statistics.complaint')
export const customerCalls = table<CallsRow>('statistics.calls')
export const countedOutages = table<CountedOutage>('statistics.outage')
export const countedElements = table<CountedElement>('statistics.element')
export const complaintTallies = table<TallyRow>('statistics.of-complaints')
export const outageTallies = table<TallyRow>('statistics.of-outages')
export const subscribersBy = table<SubscribersRow>('statistics.subscribers')

/** Stands for what was not told. */
export const unknown = 'unknown'
export const unplaced = 'unplaced'
/** Days of this zone are counted until a ruleset names one. */
export const utc = 'UTC'
