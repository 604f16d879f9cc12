import type { Ruleset } from '../../schemas/ruleset.ts'
import { symptom } from '../../schemas/service.ts'

interface RulesetFault {
  /** JSON pointer into the ruleset. */
  readonly pointer: string
  readonly detail: string
}

/** What a ruleset says that its own other parts contradict; the schema alone cannot see it. */
export function rulesetFaults(rules: Ruleset): RulesetFault[] {
  return [...unknownProfiles(rules), ...familyFaults(rules), ...repeatedRules(rules), ...boundFaults(rules)]
}

function unknownProfiles({ impacts, unmapped, symptomProfiles }: Ruleset): RulesetFault[] {
  const isKnown = (profile: string): boolean => Object.hasOwn(symptomProfiles, profile)
  const fault = (pointer: string, profile: string) => ({
    pointer,
    detail: `no symptom profile is called ${profile}`,
  })
  return [
    ...impacts.flatMap(({ profile }, at) =>
      isKnown(profile) ? [] : [fault(`/impacts/${at}/profile`, profile)],
    ),
    ...Object.entries(unmapped).flatMap(([severity, { profile }]) =>
      isKnown(profile) ? [] : [fault(`/unmapped/${severity}/profile`, profile)],
    ),
  ]
}

/** Every symptom is in exactly one family. */
function familyFaults({ symptomFamilies }: Ruleset): RulesetFault[] {
  const counts = new Map<string, number>()
  for (const name of Object.values(symptomFamilies).flat()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return symptom.options.flatMap((name) => {
    const count = counts.get(name) ?? 0
    return count === 1
      ? []
      : [{ pointer: '/symptomFamilies', detail: `${name} is in ${count} families and must be in one` }]
  })
}

function repeatedRules({ impacts }: Ruleset): RulesetFault[] {
  const seen = new Set<string>()
  return impacts.flatMap(({ id }, at) => {
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    return [{ pointer: `/impacts/${at}/id`, detail: `${id} is the id of an earlier rule` }]
  })
}

/** Complaints must stay known until nothing that arrives late can change their cluster; see `clusters/retirement.ts`. */
const clusterReaches = 4
/** Below this, clustering in time means nothing. */
const minEpsMs = 1_000

function boundFaults({ bands, clusters, coverage, times }: Ruleset): RulesetFault[] {
  return [
    ...(times.windowMs < times.latenessMs + clusterReaches * clusters.epsMs
      ? [
          {
            pointer: '/times/windowMs',
            detail: 'must be at least latenessMs and four times the epsMs of clusters',
          },
        ]
      : []),
    ...(clusters.epsMs < minEpsMs
      ? [{ pointer: '/clusters/epsMs', detail: `must be at least ${minEpsMs}` }]
      : []),
    ...(bands.askProbability > bands.sayProbability
      ? [{ pointer: '/bands/askProbability', detail: 'must not be above sayProbability' }]
      : []),
    ...(coverage.minRadiusMeters > coverage.maxRadiusMeters
      ? [{ pointer: '/coverage/minRadiusMeters', detail: 'must not be above maxRadiusMeters' }]
      : []),
  ]
}
