import type { AlarmRaised, PerceivedSeverity } from '../../schemas/alarm.ts'
import type { ElementKind } from '../../schemas/element.ts'
import type { ImpactRule, Ruleset } from '../../schemas/ruleset.ts'
import { type Service, type Symptom, symptom } from '../../schemas/service.ts'
import { round6 } from './round.ts'

/** What a cause does to customers, ready for weighing. */
export interface Impact {
  readonly effect: ImpactRule['effect']
  readonly services: readonly Service[] | undefined
  /** ln(P(symptom | cause) / P(symptom | no cause)). */
  readonly symptomNats: Readonly<Record<Symptom, number>>
  /** ln of the rate of complaints over the background rate. */
  readonly intensityNats: number
  /** The rule that decided; `unmapped` where none fitted. */
  readonly rule: string
}

export interface ImpactTable {
  ofAlarm(alarm: AlarmFacts): Impact
  /** For causes that are no alarms: a profile of the ruleset, or an explicit list of symptoms. */
  ofProfile(
    profile: string,
    intensityNats: number,
    symptoms?: readonly Symptom[],
    services?: readonly Service[],
  ): Impact
  /** What `ofAlarm` answers with: the same impact is always the same object. */
  readonly compiled: CompiledImpacts
}

export interface CompiledImpacts {
  /** One a rule, in their order. */
  readonly byRule: readonly Impact[]
  /** By severity. */
  readonly unmapped: Readonly<Record<string, Impact>>
}

function compile(ruleset: Ruleset): CompiledImpacts {
  return {
    byRule: ruleset.impacts.map((rule) => toImpact(ruleset, rule.id, rule)),
    unmapped: Object.fromEntries(
      Object.entries(ruleset.unmapped).map(([severity, rule]) => [
        severity,
        toImpact(ruleset, 'unmapped', rule),
      ]),
    ),
  }
}

export interface AlarmFacts {
  readonly data: Pick<AlarmRaised, 'alarmType' | 'probableCause' | 'specificProblem' | 'serviceAffecting'>
  readonly severity: PerceivedSeverity
  readonly elementKind: ElementKind
}

/** Alarm vocabularies are small; a feed that invents texts must not fill the memory. */
const maxRemembered = 20_000

/** Compiles a ruleset's impact rules. The first rule that fits decides; alike alarms are looked up once. */
export function createImpactTable(ruleset: Ruleset, compiled = compile(ruleset)): ImpactTable {
  const { unmapped } = compiled
  const rules = ruleset.impacts.map((rule, index) => ({
    rule,
    parts: rule.when.causeIncludes?.map(plainWords),
    impact: compiled.byRule[index],
  }))
  const remembered = new Map<string, Impact>()

  const lookUp = ({ data, severity, elementKind }: AlarmFacts): Impact => {
    const text = plainWords(`${data.probableCause} ${data.specificProblem ?? ''}`)
    const found = rules.find(
      ({ rule: { when }, parts }) =>
        (when.alarmTypes?.includes(data.alarmType) ?? true) &&
        (when.severities?.includes(severity) ?? true) &&
        (when.elementKinds?.includes(elementKind) ?? true) &&
        (when.serviceAffecting === undefined || when.serviceAffecting === data.serviceAffecting) &&
        (parts?.some((part) => text.includes(part)) ?? true),
    )
    return found?.impact ?? unmapped[severity] ?? toImpact(ruleset, 'unmapped', harmless)
  }

  return {
    compiled,
    ofAlarm(alarm) {
      const { alarmType, probableCause, specificProblem, serviceAffecting } = alarm.data
      const key = `${alarmType}|${probableCause}|${specificProblem}|${serviceAffecting}|${alarm.severity}|${alarm.elementKind}`
      const known = remembered.get(key)
      if (known !== undefined) return known
      if (remembered.size >= maxRemembered) remembered.clear()
      const impact = lookUp(alarm)
      remembered.set(key, impact)
      return impact
    },
    ofProfile: (profile, intensityNats, symptoms, services) => ({
      effect: 'degraded',
      services,
      symptomNats: symptomNats(
        ruleset,
        symptoms === undefined ? ruleset.symptomProfiles[profile] : evenly(symptoms),
      ),
      intensityNats,
      rule: profile,
    }),
  }
}

const harmless = { effect: 'none', profile: '', intensity: 1 } as const

function toImpact(
  ruleset: Ruleset,
  id: string,
  rule: Pick<ImpactRule, 'effect' | 'profile' | 'intensity' | 'services'>,
): Impact {
  return {
    effect: rule.effect,
    services: rule.services,
    symptomNats: symptomNats(ruleset, ruleset.symptomProfiles[rule.profile]),
    intensityNats: round6(Math.log(rule.intensity)),
    rule: id,
  }
}

const leastLikelihood = 0.0001

type Profile = Partial<Record<Symptom, number>>

function symptomNats(ruleset: Ruleset, profile: Profile | undefined): Record<Symptom, number> {
  const symptoms = symptom.options
  const given = scaled(profile ?? ruleset.backgroundSymptoms, symptoms, ruleset.rareSymptom)
  const background = scaled(ruleset.backgroundSymptoms, symptoms, ruleset.rareSymptom)
  return Object.fromEntries(
    symptoms.map((name) => [name, round6(Math.log((given[name] ?? 1) / (background[name] ?? 1)))]),
  ) as Record<Symptom, number>
}

function scaled(profile: Profile, symptoms: readonly Symptom[], rare: number): Profile {
  // Nothing is impossible: a figure of zero would make evidence infinite.
  const likelihood = (name: Symptom): number => Math.max(leastLikelihood, profile[name] ?? rare)
  const sum = symptoms.reduce((total, name) => total + likelihood(name), 0)
  return Object.fromEntries(symptoms.map((name) => [name, likelihood(name) / sum]))
}

function evenly(symptoms: readonly Symptom[]): Profile {
  return Object.fromEntries(symptoms.map((name) => [name, 1 / symptoms.length]))
}

/** `outOfService`, `OUT_OF_SERVICE` and "Out of service" become "out of service". */
export function plainWords(text: string): string {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
