import { advisoryById } from '../../projections/advisory.ts'
import { outageById, type OutageView } from '../../projections/outage-queries.ts'
import type { Assessment } from '../../schemas/attribution.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import { stateScript } from '../correlate/words.ts'
import type { Sight } from './sight.ts'

/**
 * An assessment with what people said since of its outage: that its cause is confirmed, when it should be over, in what words
 * the public is told. What the engine logged stays as it is: this is laid over it when it is read, so it reaches every present
 * and later complaint of the outage at once. Words hold while the trouble lasts; whoever is told "restored" is told that.
 */
export function toldOfOutage<A extends Assessment>(assessment: A, sight: Sight): A {
  const { outageId, verdict, state, root } = assessment
  const outage = outageId === undefined ? undefined : outageById(sight.wholeRows, outageId)
  if (outage === undefined || verdict !== 'explained') return assessment
  const verdictNow = outage.verdicts?.at(-1)
  const isConfirmed =
    verdictNow?.verdict === 'confirmed' && [outage.root.id, root?.id].includes(verdictNow.cause.id)
  const confirmed: A = isConfirmed ? { ...assessment, confirmed: true } : assessment
  if (outage.stage !== 'open' || state !== 'ongoing') return confirmed
  return inWords(withEnd(confirmed, outage, sight), outage, sight)
}

/** With the end that people estimated last, where the engine's words were rendered before that. */
function withEnd<A extends Assessment>(
  assessment: A,
  outage: OutageView,
  { wholeRows, nowMs, ruleset }: Sight,
): A {
  const { root } = assessment
  const { estimates, expectedEnd } = outage
  if (estimates === undefined || expectedEnd === undefined || ruleset === undefined) return assessment
  if (expectedEnd === assessment.expectedEnd || root === undefined || root.kind === 'gap') return assessment
  const kind = root.kind === 'alarm' ? 'fault' : root.kind
  const ownWords = kind === 'advisory' && advisoryById(wholeRows, root.id)?.facts.words !== undefined
  const script = stateScript(kind, toMs(expectedEnd), 'ongoing', nowMs, ruleset)
  const { wordsUntil: _until, wordsAfter: _after, ...rest } = assessment
  return {
    ...rest,
    expectedEnd,
    words: ownWords && toMs(expectedEnd) > nowMs ? assessment.words : script.words,
    ...(script.wordsUntilMs !== undefined && { wordsUntil: toInstant(script.wordsUntilMs) }),
    ...(script.wordsAfter !== undefined && { wordsAfter: script.wordsAfter }),
  } as A
}

/** In the words that people gave the public, until their end; an end that has passed is never read out. */
function inWords<A extends Assessment>(assessment: A, outage: OutageView, { nowMs }: Sight): A {
  const worded = outage.worded?.at(-1)
  const until = worded?.until ?? outage.expectedEnd
  if (worded === undefined || (until !== undefined && toMs(until) <= nowMs)) return assessment
  const after = assessment.wordsAfter ?? assessment.words
  return {
    ...assessment,
    words: worded.words,
    ...(until !== undefined && { wordsUntil: until, wordsAfter: after }),
  }
}
