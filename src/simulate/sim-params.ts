import type { Symptom } from '../../schemas/service.ts'

/** Kinds of trouble, and of calls without any. Each has its share of the day's complaints. */
export type TroubleKind =
  | 'site-fault'
  | 'cell-fault'
  | 'storm'
  | 'power-fault'
  | 'cutover'
  | 'degradation'
  | 'link-flap'
  | 'sleeping-cell'
  | 'advisory'
  | 'gap'
  | 'hidden-gap'
  | 'background'
  | 'not-network'
  | 'customer-side'

/** Incidents to be expected in a day per hundred sites. */
export type IncidentKind =
  | 'site-fault'
  | 'cell-fault'
  | 'storm'
  | 'power-fault'
  | 'feeder-fault'
  | 'cutover'
  | 'degradation'
  | 'link-flap'
  | 'sleeping-cell'
  | 'advisory'
  | 'harmless-alarm'

/** How alarms travel. Shares of alarms; the rest arrives within two minutes. */
export interface AlarmDelivery {
  /** 2 to 20 minutes late. */
  readonly lateShare: number
  /** 20 to 120 minutes late. */
  readonly veryLateShare: number
  readonly missingShare: number
  /** Clears that never come. */
  readonly missingClearShare: number
  /** Of the alarms of the element that takes others with it. */
  readonly rootLateShare: number
  readonly rootMissingShare: number
  /** Faults whose alarm comes and goes. */
  readonly flappingShare: number
}

/** How people tell what happened to them. */
export interface Telling {
  readonly place: Readonly<Record<PlaceMode, number>>
  /** Deviation along each axis of a point picked on the map. */
  readonly mapErrorMeters: number
  /** A named place this much further away is named e times less often. */
  readonly namedScaleMeters: number
  /** Nobody names a place further away than this while there is a nearer one. */
  readonly namedLimitMeters: number
  /** Home addresses of customers whose trouble was somewhere else. */
  readonly wrongHomeShare: number
  readonly wrongHomeMeters: number
  readonly time: Readonly<Record<TimeMode, number>>
  readonly unknownSymptomShare: number
  readonly unknownNetworkShare: number
  /** Complaints that carry the last serving cell, and how often it belongs to the site that served. */
  readonly servedByShare: number
  readonly servedByRight: number
  readonly patternShare: number
  readonly settingShare: number
  readonly repeatShare: number
  /** Customer-side and non-network calls that intake takes for the network's. */
  readonly misjudgedShare: number
}

export type PlaceMode = 'map' | 'home' | 'named' | 'default-geocode' | 'none'
export type TimeMode = 'exact' | 'near' | 'rough' | 'unstated'

export interface SimulationParams {
  readonly preset: string
  /** Of all scopes, repeats left out, in a day of twenty-four hours. */
  readonly complaintsPerDay: number
  readonly shares: Readonly<Record<TroubleKind, number>>
  readonly incidentsPerDay: Readonly<Record<IncidentKind, number>>
  /** At least one incident of these kinds in each span of so many minutes; for a lively demonstration. */
  readonly everyMinutes: Readonly<Partial<Record<IncidentKind, number>>>
  /** Of works, those that go on past their window. */
  readonly overrunShare: number
  readonly gapsPerHundredSites: number
  /** Gaps that nobody has reported. */
  readonly hiddenGapShare: number
  readonly delivery: AlarmDelivery
  readonly telling: Telling
  /** Deviation of shadowing in decibels; 6 to 8 is usual in cities. */
  readonly shadowDecibels: number
  /** 1: nights are as quiet as they are; 0: every hour is alike. */
  readonly dayRhythm: number
  /** Local time, for nights and works. */
  readonly utcOffsetMinutes: number
  /** Faults last this many times longer than usual. */
  readonly durationFactor: number
  /** Calls come this many times later than usual. */
  readonly callDelayFactor: number
}

/** What customers say of each kind of trouble. A symptom left out is never named. */
export type SymptomTable = Readonly<Partial<Record<Symptom, number>>>
export type SymptomProfile = 'down' | 'degraded' | 'gap' | 'background'

export const symptomTables: Readonly<Record<SymptomProfile, SymptomTable>> = {
  down: {
    'no-signal': 0.5,
    'cannot-connect': 0.16,
    'no-data': 0.14,
    'weak-signal': 0.1,
    'dropped-calls': 0.05,
    sms: 0.02,
    other: 0.03,
  },
  degraded: {
    'slow-data': 0.33,
    'dropped-calls': 0.2,
    'weak-signal': 0.16,
    'voice-quality': 0.11,
    'no-data': 0.08,
    'cannot-connect': 0.07,
    other: 0.05,
  },
  gap: {
    'weak-signal': 0.42,
    'no-signal': 0.28,
    'dropped-calls': 0.14,
    'slow-data': 0.08,
    'voice-quality': 0.05,
    other: 0.03,
  },
  background: {
    'slow-data': 0.26,
    'no-data': 0.15,
    'cannot-connect': 0.14,
    'weak-signal': 0.12,
    'no-signal': 0.11,
    'dropped-calls': 0.09,
    sms: 0.04,
    'voice-quality': 0.04,
    other: 0.05,
  },
}
