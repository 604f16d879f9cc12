import fc from 'fast-check'
import type { Event } from '../../schemas/event.ts'
import { toMs } from '../../schemas/instant.ts'
import { startOfDay } from '../correlate/day.ts'
import { arriving, dayOfFacts, town } from '../correlate/random-day.ts'

/** The inputs of a random day in town, in log order, beginning with its rules. The same seed gives the same events. */
export function townStory(seed: number, days = 1): readonly Event[] {
  const facts = fc.sample(dayOfFacts, { seed, numRuns: days }).flat()
  const inputs: readonly Event[] = [startOfDay(), ...town(), ...arriving(facts)]
  const known = new Set<string>()
  return inputs.filter(({ id }) => !known.has(id) && known.add(id))
}

/** By then every deadline that the story leaves has fired. */
export function endOf(inputs: readonly Event[]): number {
  return Math.max(...inputs.map(({ recordedAt }) => toMs(recordedAt))) + 3 * 86_400_000
}
