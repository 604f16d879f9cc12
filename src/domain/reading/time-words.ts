import { chineseTimes } from './chinese-times.ts'
import { englishTimes } from './english-times.ts'
import { maxTextChars, simplified } from './find-terms.ts'
import { momentOfPhrase } from './moment-of-phrase.ts'
import { readClauses } from './read-findings.ts'
import type { TimePhrase } from './time-phrase.ts'
import { momentOf, wallAt } from './wall-clock.ts'

/** When the words say that the trouble began, and which words. */
export interface Onset {
  readonly fromMs: number
  readonly uncertaintyMs: number
  readonly words: string
}

/** Before and after which clock the words are to be read. */
export interface Telling {
  readonly reportedMs: number
  /** IANA zone of the clock that the customer looks at. */
  readonly zone: string
}

const clauseEnd = /[,;!?。、\n\r]|\.(?!\d)|\s-\s/
/** Such a clause tells of other times: what recurs, visits and calls, waiting, dates and days that are not read. */
const otherTimes =
  /每[天日晚早周月]|经常|总是|明[天日早晚]|后天|预约|上门|回电|联系我|打给我|再打|来电话?给|报修|投诉过|报过|等了|排队|套餐|月租|周[一二三四五六日末]|星期|礼拜|上[周月]|\d+月|[一二三四五六七八九十]月|(?:\d|[一二三四五六七八九十])[号日](?![楼线门院店栋])|\b(?:every|each|usually|always|often|tomorrow|appointment|visit|technician|engineer|call (?:me|us|back)|ring (?:me|us)|called (?:you|in)|i called|reported it|complained|wait(?:ed|ing)?|on hold|queue|last (?:week|month|year)|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:january|february|march|april|june|july|august|september|october|november|december)|plan|package|contract|years?|months?|weeks?)\b/
const beginsBefore =
  /(?:从|自从?|打从?)\s*$|\b(?:since|from|starting|started|start|starts|began|begun|begins|after)(?: (?:at|around|about|early|sometime))*\s*$/
const beginsAfter = /^\s*(?:钟)?(?:就|才|突然|忽然)?(?:开始|起|以来|以后|之后|后|到现在|至今)/
const endsBefore =
  /(?:到|至|[-~—])\s*$|\b(?:until|till|to|by|before|up to)(?: (?:at|around|about))*\s*$|\b(?:restored|back(?: up| on)?|again|fixed|working|fine|ok|okay|normal|returned|resumed)(?: (?:at|around|about|since|from))*\s*$/
const endsAfter =
  /^\s*(?:以?前|之前|的时候还)|^\s*(?:左右|多)?(?:就|才|又|已经?|终于)?(?:恢复|修好|好了|正常|通了|能用|有信号|来信号)|^\s*(?:it |the signal |the internet )?(?:was |is |came |got )?(?:restored|back|fixed|working again)\b/
/** A clause of little else than the time belongs to what stands beside it. */
const maxBesideChars = 3
const maxWordsChars = 40
/** Who names more times in one breath tells no beginning. */
const maxTimesInClause = 20

/** The onset that a text tells: the earliest after a word of beginning, else the first; undefined in doubt. */
export function readOnset(text: string, telling: Telling): Onset | undefined {
  const told = clausesOf(text)
    .flatMap(timesIn)
    .flatMap(({ phrase, begins, words }) => {
      const moment = momentTold(phrase, telling)
      return moment === undefined ? [] : [{ ...moment, begins, words: words.slice(0, maxWordsChars) }]
    })
  const beginning = told.filter(({ begins }) => begins).toSorted((a, b) => a.fromMs - b.fromMs)
  const chosen = beginning[0] ?? told[0]
  if (chosen === undefined) return undefined
  const { fromMs, uncertaintyMs, words } = chosen
  return { fromMs, uncertaintyMs: Math.round(uncertaintyMs), words }
}

function momentTold(phrase: TimePhrase, { reportedMs, zone }: Telling): Omit<Onset, 'words'> | undefined {
  if (phrase.kind === 'ago') {
    return { fromMs: reportedMs - phrase.spanMs, uncertaintyMs: phrase.uncertaintyMs }
  }
  const moment = momentOfPhrase(phrase, wallAt(reportedMs, zone))
  if (moment === undefined) return undefined
  // Where clocks are set back, an earlier reading may be a later moment.
  const fromMs = Math.min(momentOf(moment.wallMs, zone), reportedMs)
  return { fromMs, uncertaintyMs: moment.uncertaintyMs }
}

interface ToldTime {
  readonly phrase: TimePhrase
  readonly begins: boolean
  readonly words: string
}

function clausesOf(text: string): string[] {
  return simplified(text.slice(0, maxTextChars).normalize('NFKC').toLowerCase())
    .replace(/['’`]/g, '')
    .replace(/\b([ap])\.\s?m\b\.?/g, '$1m')
    .split(clauseEnd)
}

function timesIn(clause: string): ToldTime[] {
  const found = [...chineseTimes(clause), ...englishTimes(clause)]
  if (found.length > maxTimesInClause) return []
  // Both languages read 10:30; the longer phrase knows more of it.
  const phrases = found
    .filter((one) => !found.some((other) => lengthOf(other) > lengthOf(one) && overlap(one, other)))
    .toSorted((a, b) => a.start - b.start)
  if (phrases.length === 0 || otherTimes.test(clause)) return []
  const isTrouble = readClauses(clause).some(({ findings }) => findings.some(({ state }) => state !== 'good'))
  return phrases.flatMap((phrase) => {
    const [before, after] = [clause.slice(0, phrase.start), clause.slice(phrase.end)]
    const words = clause.slice(phrase.start, phrase.end).trim()
    if (endsBefore.test(before) || endsAfter.test(after)) return []
    const begins = beginsBefore.test(before) || beginsAfter.test(after)
    const isAlone = before.trim().length + after.trim().length <= maxBesideChars
    return begins || isTrouble || isAlone ? [{ phrase, begins, words }] : []
  })
}

function lengthOf({ start, end }: TimePhrase): number {
  return end - start
}

function overlap(one: TimePhrase, other: TimePhrase): boolean {
  return one.start < other.end && other.start < one.end
}
