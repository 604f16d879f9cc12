import type { Assessment } from '../../schemas/attribution.ts'
import type { Ruleset } from '../../schemas/ruleset.ts'
import { toMs } from '../../schemas/instant.ts'

/** What an agent is to say at a moment, given which feeds are stale then. */
export interface Circumstances {
  readonly nowMs: number
  readonly staleFeeds: readonly string[]
  readonly ruleset: Ruleset | undefined
  /** A customer who was called back is still out, though the cause is over. */
  readonly isReopened?: boolean | undefined
}

/**
 * The assessment as it is to be said now: once a stated end has passed, with the words for that; where
 * somebody who was called back is still out, nobody is told that it is restored; and while a feed is stale,
 * with words that neither blame nor clear the network, and asking first instead of saying. What is not the network's
 * does not hang on feeds.
 */
export function saidNow<
  A extends Pick<
    Assessment,
    'verdict' | 'root' | 'state' | 'band' | 'words' | 'detail' | 'wordsUntil' | 'wordsAfter'
  >,
>(assessment: A, { nowMs, staleFeeds, ruleset, isReopened }: Circumstances): A {
  const { wordsUntil, wordsAfter } = assessment
  const isPast = wordsUntil !== undefined && nowMs >= toMs(wordsUntil)
  const due = isPast && wordsAfter !== undefined ? { ...assessment, words: wordsAfter } : assessment
  const timely =
    isReopened && due.state === 'restored' ? { ...due, words: watchedWords(due, ruleset) ?? due.words } : due
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

function watchedWords({ root }: Pick<Assessment, 'root'>, ruleset: Ruleset | undefined) {
  return ruleset?.words[root?.kind === 'cutover' ? 'cutover.watched' : 'fault.watched']
}
