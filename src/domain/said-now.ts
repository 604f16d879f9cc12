import type { Assessment } from '../../schemas/attribution.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { toMs } from '../../schemas/instant.ts'

/** What an agent is to say at a moment, given which feeds are stale then. */
export interface Circumstances {
  readonly nowMs: number
  readonly staleFeeds: readonly string[]
  readonly ruleset: Ruleset | undefined
}

/**
 * The assessment as it is to be said now: once a stated end has passed, with the words for that; and while a feed is stale,
 * with words that neither blame nor clear the network, and asking first instead of saying. What is not the network's
 * does not hang on feeds.
 */
export function saidNow<
  A extends Pick<Assessment, 'verdict' | 'band' | 'words' | 'detail' | 'wordsUntil' | 'wordsAfter'>,
>(assessment: A, { nowMs, staleFeeds, ruleset }: Circumstances): A {
  const { wordsUntil, wordsAfter } = assessment
  const isPast = wordsUntil !== undefined && nowMs >= toMs(wordsUntil)
  const timely = isPast && wordsAfter !== undefined ? { ...assessment, words: wordsAfter } : assessment
  const isOfNetwork = assessment.verdict === 'explained' || assessment.verdict === 'unexplained'
  if (staleFeeds.length === 0 || !isOfNetwork) return timely
  const words = ruleset?.words['feed-stale'] ?? timely.words
  return {
    ...timely,
    band: timely.band === 'say' ? 'ask' : timely.band,
    words,
    // Where no cause is known the detail would clear the network; a chain of causes stays worth the agent's look.
    ...(timely.verdict === 'unexplained' ? { detail: words } : {}),
  }
}
