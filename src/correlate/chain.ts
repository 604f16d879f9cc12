import type { ChainLink } from '../../schemas/attribution.ts'
import { toInstant } from '../../schemas/instant.ts'
import type { Bilingual } from '../../schemas/text.ts'
import { type Cause, refOf } from './model.ts'
import { type Explanation, stateOf } from './explanation.ts'
import type { World } from './world.ts'

/** From what explains the complaint to the root; a gap goes on to its reason and its remedy. */
export function chainOf({ best, steps }: Explanation, nowMs: number, world: World): ChainLink[] {
  const links = [
    link('explains', best.cause, nowMs, world),
    ...steps.map((step) => link(step.relation, step.cause, nowMs, world)),
  ]
  return best.cause.kind === 'gap' ? [...links, ...gapLinks(best.cause, world)] : links
}

function link(relation: ChainLink['relation'], cause: Cause, nowMs: number, { ruleset }: World): ChainLink {
  const elementId = cause.nodes[0]?.id
  return {
    relation,
    cause: refOf(cause),
    ...(elementId !== undefined && { elementId }),
    title: cause.title,
    ...(cause.startMs > 0 && { from: toInstant(cause.startMs) }),
    ...(cause.endMs !== Infinity && { to: toInstant(cause.endMs) }),
    state: stateOf(cause, nowMs, ruleset.times.dwellMs),
  }
}

function gapLinks(cause: Cause, { published }: World): ChainLink[] {
  const gap = published.gaps.get(cause.id)
  const links: ChainLink[] = []
  const add = (relation: 'reason' | 'remedy', title: string): void => {
    links.push({ relation, cause: refOf(cause), title, state: 'standing' })
  }
  if (gap?.reason !== undefined) add('reason', gap.reason.text ?? gap.reason.kind)
  const remedy = gap?.remedy
  if (remedy !== undefined)
    add('remedy', [remedy.kind, remedy.reference, remedy.text].filter(Boolean).join(' '))
  return links
}

/** The agent's line: the chain with its times, elements and codes; where there is none, the customer's words. */
export function detailOf(chain: readonly ChainLink[], words: Bilingual, note?: string): Bilingual {
  if (chain.length === 0) {
    const tail = note === undefined ? '' : ` (${note})`
    return { zh: words.zh + tail, en: words.en + tail }
  }
  const line = chain
    .map(({ title, from, to }) => (from === undefined ? title : `${title} ${from} – ${to ?? ''}`.trimEnd()))
    .join(' ← ')
  return { zh: line, en: line }
}
