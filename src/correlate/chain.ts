import type { CauseState, ChainLink } from '../../schemas/attribution.ts'
import { toInstant, toMs } from '../../schemas/instant.ts'
import type { Bilingual } from '../../schemas/text.ts'
import { type Cause, refOf } from './model.ts'
import { type Explanation, stateOf } from './explanation.ts'
import { localTime } from './words.ts'
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

/** The agent's line: the chain from the complaint to the root, with elements, codes and local times. */
export function detailOf(chain: readonly ChainLink[], timeZone: string): Bilingual {
  const line = (language: 'zh' | 'en'): string => {
    const at = (instant: string): string => localTime(toMs(instant), timeZone, language)
    return chain
      .map(({ title, from, to, state }) => {
        const span = from === undefined ? [] : [`${at(from)} – ${to === undefined ? '' : at(to)}`.trimEnd()]
        return `${title} (${[...span, stateNames[state][language]].join('; ')})`
      })
      .join(' ← ')
  }
  return { zh: line('zh'), en: line('en') }
}

/** Where there is no chain: the customer's words, and which rule of the intake told it from the network. */
export function withoutCause(words: Bilingual, note: string | undefined): Bilingual {
  const tail = note === undefined ? '' : ` (${note})`
  return { zh: words.zh + tail, en: words.en + tail }
}

const stateNames: Readonly<Record<CauseState, Bilingual>> = {
  planned: { zh: '计划中', en: 'planned' },
  ongoing: { zh: '进行中', en: 'ongoing' },
  watched: { zh: '已结束，观察中', en: 'over, being watched' },
  restored: { zh: '已恢复', en: 'restored' },
  standing: { zh: '长期存在', en: 'standing' },
}
