import type { CauseState } from '../../schemas/attribution.ts'
import type { Ruleset, WordsKey } from '../../schemas/ruleset.ts'
import type { Bilingual } from '../../schemas/text.ts'
import type { Explanation } from './explanation.ts'
import type { World } from './world.ts'

/** What the customer is told (解释口径), and what is said instead once a stated end has passed. */
export interface Script {
  readonly words: Bilingual
  readonly wordsUntilMs?: number
  readonly wordsAfter?: Bilingual
  readonly expectedEndMs?: number
}

/** The words for an explanation's root in the state that the complaint sees. */
export function scriptFor(
  { root, best, members }: Explanation,
  state: CauseState,
  nowMs: number,
  world: World,
): Script {
  const { ruleset } = world
  const endMs = root.expectedEndMs ?? best.cause.expectedEndMs
  switch (root.kind) {
    case 'gap':
      // A gap that was closed: there are no words of its own for a place that has good coverage by now.
      return state === 'restored'
        ? { words: say(ruleset, 'advisory.restored') }
        : gapScript(root.id, nowMs, world)
    case 'advisory': {
      const script = stateScript('advisory', endMs, state, nowMs, ruleset)
      const words = world.published.advisories.get(root.id)?.data.words
      // Words written for the time of the trouble may promise an end; they end with it.
      const holds = state === 'ongoing' && (endMs === undefined || endMs > nowMs)
      return words !== undefined && holds ? { ...script, words } : script
    }
    case 'alarm':
      return stateScript('fault', endMs, state, nowMs, ruleset)
    case 'cutover': {
      // Work that nobody reported finished is taken as over after a while; that it is restored nobody has said.
      const said = root.endKnown || members.some(({ cause }) => cause.endKnown)
      return stateScript('cutover', endMs, state === 'restored' && !said ? 'watched' : state, nowMs, ruleset)
    }
  }
}

/** The words for trouble of a kind, in a state; an end that is still to come is read out with them. */
export function stateScript(
  kind: 'fault' | 'cutover' | 'advisory',
  expectedEndMs: number | undefined,
  state: CauseState,
  nowMs: number,
  ruleset: Ruleset,
): Script {
  if (state === 'restored') return { words: say(ruleset, `${kind}.restored`) }
  if (state === 'watched' && kind !== 'advisory') return { words: say(ruleset, `${kind}.watched`) }
  if (expectedEndMs === undefined || state === 'watched') return { words: say(ruleset, `${kind}.ongoing`) }
  // An end that has passed is never read out.
  if (expectedEndMs <= nowMs) return { words: say(ruleset, `${kind}.overdue`), expectedEndMs }
  return {
    words: say(ruleset, `${kind}.ongoing.end`, { end: expectedEndMs }),
    wordsUntilMs: expectedEndMs,
    wordsAfter: say(ruleset, `${kind}.overdue`),
    expectedEndMs,
  }
}

function gapScript(gapId: string, nowMs: number, { published, ruleset }: World): Script {
  const gap = published.gaps.get(gapId)
  const remedy = gap?.remedy
  if (remedy !== undefined && remedy.kind !== 'none') {
    const expectedMs = remedy.expectedAt === undefined ? undefined : Date.parse(remedy.expectedAt)
    if (expectedMs === undefined || expectedMs <= nowMs) return { words: say(ruleset, 'gap.remedy') }
    return {
      words: say(ruleset, 'gap.remedy.end', { end: expectedMs }),
      wordsUntilMs: expectedMs,
      wordsAfter: say(ruleset, 'gap.remedy'),
    }
  }
  return { words: say(ruleset, gap?.reason?.kind === 'owner-refuses' ? 'gap.owner-refuses' : 'gap') }
}

/** Fills a template: `{end}` with a time of the ruleset's zone, anything else as it is. */
export function say(
  ruleset: Ruleset,
  key: WordsKey,
  fill: { readonly end?: number; readonly a?: Bilingual; readonly b?: Bilingual } = {},
): Bilingual {
  const { zh, en } = ruleset.words[key]
  const filled = (text: string, language: 'zh' | 'en'): string =>
    text
      .replaceAll('{end}', fill.end === undefined ? '' : localTime(fill.end, ruleset.timeZone, language))
      .replaceAll('{a}', fill.a?.[language] ?? '')
      .replaceAll('{b}', fill.b?.[language] ?? '')
  return { zh: filled(zh, 'zh'), en: filled(en, 'en') }
}

/** `3月1日 18:30` and `1 March, 18:30` in a zone. */
export function localTime(ms: number, timeZone: string, language: 'zh' | 'en'): string {
  const local = new Date(ms + offsetMs(ms, timeZone))
  const clock = `${twoDigits(local.getUTCHours())}:${twoDigits(local.getUTCMinutes())}`
  const [month, day] = [local.getUTCMonth(), local.getUTCDate()]
  return language === 'zh' ? `${month + 1}月${day}日 ${clock}` : `${day} ${months[month]}, ${clock}`
}

const twoDigits = (figure: number): string => String(figure).padStart(2, '0')

/** Zones change their clocks at quarters of an hour at the most. */
const quarterMs = 900_000
/** Quarters kept for each zone; then they are found anew. */
const maxQuarters = 10_000
const offsets = new Map<
  string,
  { readonly format: Intl.DateTimeFormat; readonly ofQuarter: Map<number, number> }
>()

/** How far a zone's clocks are ahead of UTC. Formatting a date takes ten times as long as all else in an answer. */
function offsetMs(ms: number, timeZone: string): number {
  let zone = offsets.get(timeZone)
  if (zone === undefined) offsets.set(timeZone, (zone = { format: clockOf(timeZone), ofQuarter: new Map() }))
  const quarter = Math.floor(ms / quarterMs)
  const known = zone.ofQuarter.get(quarter)
  if (known !== undefined) return known
  const part = Object.fromEntries(
    zone.format.formatToParts(quarter * quarterMs).map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  const found = Date.UTC(year, month - 1, day, hour, minute, second) - quarter * quarterMs
  if (zone.ofQuarter.size >= maxQuarters) zone.ofQuarter.clear()
  zone.ofQuarter.set(quarter, found)
  return found
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const figure = 'numeric'
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: figure,
    month: figure,
    day: figure,
    hour: figure,
    minute: figure,
    second: figure,
    hourCycle: 'h23',
  })
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
