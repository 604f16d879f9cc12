import { activeRuleset } from '../../projections/ruleset.ts'
import { zoneOfSource } from '../intake/zone-of-source.ts'
import type { Services } from './services.ts'

/** By which clock a sender's words are read: its feed's, else the ruleset's. */
export function zoneOfWords(
  { config, correlator, rows }: Pick<Services, 'config' | 'correlator' | 'rows'>,
  source: string | undefined,
): string | undefined {
  const ruleset = correlator.ruleset() ?? activeRuleset(rows)?.ruleset
  return zoneOfSource(config.feeds, source, ruleset?.timeZone)
}
