import { z } from 'zod'
import { alarmType, perceivedSeverity } from './alarm.ts'
import { elementKind } from './element.ts'
import { service, symptom } from './service.ts'
import { bilingual, identifier, label } from './text.ts'

// These shapes are stored: change them only by adding, or with an upcaster.

const durationMs = z
  .int()
  .min(0)
  .max(366 * 86_400_000)
const nats = z.number().min(-20).max(20)
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
const share = z.number().min(0).max(1)

/** How likely each symptom is, given a kind of trouble; what is left out shares `rare`. Need not sum to one: it is scaled. */
const symptomProfile = z.partialRecord(symptom, z.number().min(0).max(1))

/**
 * What an alarm does to customers. Rules are tried in order, the first that fits decides. Text is compared in lower
 * case with words apart (`outOfService`, `out_of_service` and "Out of service" are alike); one of the listed parts must occur.
 */
export const impactRule = z.strictObject({
  id: label,
  when: z.strictObject({
    alarmTypes: z.array(alarmType).optional(),
    /** Parts of probable cause or specific problem. */
    causeIncludes: z.array(label).optional(),
    severities: z.array(perceivedSeverity).optional(),
    elementKinds: z.array(elementKind).optional(),
    serviceAffecting: z.boolean().optional(),
  }),
  /**
   * `down`: the element serves nobody, and takes with it what depends on it. `degraded`: it serves badly. `latent`:
   * nobody notices yet, but it explains a failure that follows (mains failure). `none`: nobody notices (doors, fans).
   */
  effect: z.enum(['none', 'latent', 'degraded', 'down']),
  /** Left out: the element's services. */
  services: z.array(service).optional(),
  profile: label,
  /** How many times the background rate of complaints is to be expected where it holds. */
  intensity: z.number().min(0.01).max(10_000),
})
export type ImpactRule = z.infer<typeof impactRule>

/** The situations that have words of their own. */
export const wordsKey = z.enum([
  'cutover.ongoing',
  'cutover.ongoing.end',
  'cutover.overdue',
  'cutover.watched',
  'cutover.restored',
  'fault.ongoing',
  'fault.ongoing.end',
  'fault.overdue',
  'fault.watched',
  'fault.restored',
  'gap',
  'gap.owner-refuses',
  'gap.remedy',
  'gap.remedy.end',
  'advisory.ongoing',
  'advisory.ongoing.end',
  'advisory.overdue',
  'advisory.restored',
  'still-out',
  'none',
  'not-network',
  'customer-side',
  'feed-stale',
  'ask',
  'ask.or',
  'ask.where',
])
export type WordsKey = z.infer<typeof wordsKey>

/** Everything that an operator may tune. Versioned, validated, and in force from its `RulesetActivated` on. */
export const ruleset = z.strictObject({
  version: identifier,
  /** IANA zone in which customers are told times. */
  timeZone: z.string().refine(isTimeZone, 'is no IANA time zone, like Asia/Shanghai'),
  impacts: z.array(impactRule).max(1000),
  /** What an alarm does that no rule fits, by severity; each such alarm is listed as unmapped. */
  unmapped: z.record(perceivedSeverity, impactRule.pick({ effect: true, profile: true, intensity: true })),
  symptomProfiles: z.record(label, symptomProfile),
  /** Symptoms of complaints that nothing explains. */
  backgroundSymptoms: symptomProfile,
  /** The likelihood of a symptom that a profile leaves out. */
  rareSymptom: z.number().min(0.0001).max(0.5),
  /** Symptoms that count as the same trouble for clusters and repeats. Every symptom is in exactly one family. */
  symptomFamilies: z.record(label, z.array(symptom)),
  /** Likelihood terms, in nats. */
  weights: z.strictObject({
    severity: z.record(perceivedSeverity, nats),
    /** Added to "no known cause"; above zero the engine is harder to convince. */
    none: nats,
    /** Half of an element's customers stand within this share of its radius. */
    servingFraction: share,
    /** Where customers stand this many times less thickly than at the nearest element, half are beyond its reach. */
    edgeFraction: share,
    /** How often the network names the element that served, against another one: the difference of the two counts. */
    servedBy: nats,
    servedByOther: nats,
    confirmedYes: nats,
    confirmedNo: nats,
    /** For each doubling of the complaints that fit the same cause over what was to be expected. */
    companyDoubling: nats,
    companyMaxDoublings: z.int().min(0).max(10),
    companyMinDoublings: z.int().min(-10).max(0),
    /** For each person's confirmation (against it: rejection) of the cause on other complaints, up to `feedbackMax`. */
    feedback: nats,
    feedbackMax: z.int().min(0).max(100),
    /** Trouble that began close to the cause's start (failures only); inside it but later; the least that any time weighs. */
    timeOnset: nats,
    timeInside: nats,
    timeOutside: nats,
    /** For each doubling of (1 + hours) since the cause began: complaints come at the onset. */
    timeAge: nats,
    stillOutAfterEnd: nats,
    settingMatch: nats,
    settingMismatch: nats,
    chronicGap: nats,
    suddenGap: nats,
    gap: nats,
    cutoverInWindow: nats,
    cutoverStarted: nats,
    advisory: nats,
  }),
  bands: z.strictObject({
    /** At or above: say it. */
    sayProbability: share,
    /** At or above: ask first. Below: dispatch. */
    askProbability: share,
  }),
  times: z.strictObject({
    /** A touched complaint is weighed again this much later (log time). */
    settleMs: durationMs,
    /** While a storm unfolds revisions wait for this much quiet, and never longer than `stormMaxMs`. */
    stormSettleMs: durationMs,
    stormMaxMs: durationMs,
    /** A clear must hold this long before anyone says "restored" (观察期). */
    dwellMs: durationMs,
    /** A cutover without an end message is taken as over this long after its planned end. */
    cutoverOverrunMs: durationMs,
    /** An alarm open longer than this and not confirmed by a snapshot explains nothing. */
    staleAlarmMs: durationMs,
    /** What arrives later than this weighs nothing again. */
    latenessMs: durationMs,
    /** How long causes that ended and complaints are remembered. */
    windowMs: durationMs,
    /** An alarm's root may be raised this much later than the alarm. */
    rootSlackMs: durationMs,
    /** Power that failed longer before than this lies behind no failure: batteries last no longer. Left out: whenever it failed. */
    batteryMs: durationMs.optional(),
    /** Trouble may be stated to begin this much before its cause, beyond its own uncertainty. */
    onsetSlackMs: durationMs,
    /** How sure customers are of the time where nothing else is stated. */
    troubleUncertaintyMs: durationMs,
    /** Where no time of trouble is stated, it began within this span before the report. */
    unstatedTroubleMs: durationMs,
    /** Complaints in this span from a cause's start are its company. */
    companyMs: durationMs,
    /** The same customer within this span is a repeat. */
    repeatMs: durationMs,
    /** An outage ends when it has been restored this long. */
    outageEndMs: durationMs,
  }),
  places: z.strictObject({
    /** How exact a place is where the sender does not say, by how it was found. */
    uncertaintyMeters: z.strictObject({
      words: z.number().min(0),
      map: z.number().min(0),
      home: z.number().min(0),
      network: z.number().min(0),
    }),
    /** Places are sometimes wrong altogether: this share of them by `tailFactor` times their uncertainty. */
    tailShare: share,
    tailFactor: z.number().min(1).max(20),
    /** Further away than this from any coverage, nothing is a candidate. */
    maxUncertaintyMeters: z.number().min(0).max(100_000),
    /** A point used by this many customers over this many six-hour spans is a default geocode, and counts as vague. */
    sharedCustomers: z.int().min(2),
    sharedSpans: z.int().min(2),
    sharedUncertaintyMeters: z.number().min(0).max(100_000),
  }),
  /** What else customers tell, weighed for causes that are no gaps. Left out: it is neutral. */
  told: z
    .strictObject({
      /** Where nobody says how sure the time is, this share of times is off by so many times the usual. */
      roughTimeShare: share,
      roughTimeFactor: z.number().min(1).max(50),
      /** Outages and degradations hardly last longer: of an alarm that does, the clear was lost. */
      usualOutageMs: durationMs.min(60_000),
      usualDegradedMs: durationMs.min(60_000),
      /** For each doubling of that. */
      lostClear: nats,
      /** Still out while the cause lasts; no longer out while it lasts, and after its end. */
      stillOutDuring: nats,
      overDuring: nats,
      overAfterEnd: nats,
      suddenFailure: nats,
      suddenDegraded: nats,
      intermittentFailure: nats,
      intermittentDegraded: nats,
    })
    .optional(),
  /** Left out: a complaint without a place is explained by nothing. */
  crowds: z
    .strictObject({
      /** A cause with this many customers in its company is looked at for complaints from anywhere. */
      minCustomers: z.int().min(1),
      /** Of the customers known by their address, this share had the trouble elsewhere, about so far away. */
      awayShare: share,
      awayMeters: z.number().positive(),
    })
    .optional(),
  coverage: z.strictObject({
    /** The default radius is the mean distance to this many nearest sites of the network, within these bounds. */
    neighbours: z.int().min(1).max(20),
    minRadiusMeters: z.number().positive(),
    maxRadiusMeters: z.number().positive(),
    /** Width of a cell known only by its azimuth. */
    beamDegrees: z.number().positive().max(360),
    /** Complaints to be expected without any cause, for a site and an hour. */
    backgroundPerSiteHour: z.number().positive(),
  }),
  clusters: z.strictObject({
    epsMeters: z.number().positive(),
    epsMs: durationMs,
    minCustomers: z.int().min(2),
    /** Complaints placed less exactly than this open and join no cluster. */
    maxUncertaintyMeters: z.number().positive(),
  }),
  outages: z.strictObject({
    /** Without a complaint, a root opens an outage once this many alarmed elements hang on it. */
    openElements: z.int().min(1),
    /**
     * Without a complaint, an element that serves nobody opens one once that has lasted this long; under planned work, once that
     * should be over. Left out: it opens none by itself.
     */
    openAfterMs: durationMs.optional(),
    /** From this many failed elements under one upstream element, a storm is unfolding. */
    stormElements: z.int().min(2),
  }),
  /** Whom to call back once an outage is over, and when. Left out: the default ones. */
  callbacks: z
    .strictObject({
      /** Customers are called between these times of day in `timeZone`, `HH:MM`; never at night. */
      permitted: z
        .strictObject({ from: clockTime, to: clockTime })
        .refine(({ from, to }) => from < to, { message: 'must be later than from', path: ['to'] }),
      /** So often nobody answers; then the customer is left alone. */
      maxAttempts: z.int().min(1).max(20),
      /** Between an attempt that nobody answered and the next. */
      retryMs: durationMs,
      /** Who has not been reached this long after it was due is left alone. */
      expiryMs: durationMs,
      /** Customer classes in the order in which they are called; others come after. */
      classes: z.array(label).max(50),
    })
    .optional(),
  words: z.record(wordsKey, bilingual),
})
export type Ruleset = z.infer<typeof ruleset>

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
