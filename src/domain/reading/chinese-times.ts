import { agoOf, dayMs, hourMs, minuteMs, type PartOfDay, type TimePhrase } from './time-phrase.ts'

const number = '[零一二两三四五六七八九十]{1,3}|\\d{1,2}'
const day = '大前[天日]|前[天日]|昨[天日]|今[天日]|[前昨今当](?=[晚夜早晨])'
const part =
  '凌晨|清晨|大清早|大早上|一大早|一早|早上|早晨|上午|正午|中午|午后|下午|傍晚|晚上|晚间|夜里|夜间|半夜|深夜|[早晨晚夜]'
const minutes = `半|[一三]刻|零?(?:${number})分|[零二三四五]十?[零一二三四五六七八九]|[一二三四五]十|十[一二三四五六七八九]|\\d\\d(?!\\d)`
/** 一点 is mostly "a bit", 两点 "two things": what follows tells. */
const otherPoints =
  '(?!个?百分|[滴儿都也]|多?[兆公千米元块倍]|[问建意要]|积分|\\d|[零一二两三四五六七八九十])'
const clock = new RegExp(
  `(?:(?<day>${day})的?)?(?:(?<part>${part})的?)?(?<rough>大概|大约|约|差不多|快|将近)?(?:是|在)?(?<![\\d.:第零一二两三四五六七八九十]|积分)(?:(?<hour>${number})点(?:钟|整)?(?<minutes>${minutes})?${otherPoints}|(?<digits>(?:[01]?\\d|2[0-3]):[0-5]\\d)(?![\\w:.]))(?<more>多)?(?:钟)?(?<about>左右|上下|前后)?`,
  'gu',
)
const partOnly = new RegExp(
  `(?:(?<day>${day})的?)?(?<part>${part})|(?<dayOnly>大前[天日]|前[天日](?!晚)|昨[天日])`,
  'gu',
)
const ago = new RegExp(
  `(?<half>半)个?(?<halfUnit>小时|钟头|天)(?<halfEnd>多?(?:以前|之前|前|了))|(?<count>${number})个?(?<andHalf>半)?(?<unit>小时|钟头|分钟|天)(?<halfMore>半)?(?:多)?(?:以前|之前|前|了)(?!以?内)`,
  'gu',
)

const daysBackOf: Readonly<Record<string, number>> = { 大: 3, 前: 2, 昨: 1, 今: 0, 当: 0 }
const unitMs: Readonly<Record<string, number>> = {
  小时: hourMs,
  钟头: hourMs,
  分钟: minuteMs,
  天: dayMs,
}
const parts: readonly (readonly [RegExp, PartOfDay])[] = [
  [/凌晨/, 'small-hours'],
  [/清晨|大清早/, 'early'],
  [/上午/, 'forenoon'],
  [/正午|中午/, 'noon'],
  [/午后|下午/, 'afternoon'],
  [/傍晚/, 'dusk'],
  [/夜/, 'night'],
  [/晚/, 'evening'],
  [/[早晨]/, 'morning'],
]

/** What a Chinese clause says of times, in order; `clause` in simplified characters. */
export function chineseTimes(clause: string): TimePhrase[] {
  const clocks = [...clause.matchAll(clock)].flatMap(clockOf)
  const spans = [...clause.matchAll(ago)].flatMap(agoIn)
  const taken = [...clocks, ...spans]
  const named = [...clause.matchAll(partOnly)]
    .flatMap(partOf)
    .filter(({ start, end }) => !taken.some((one) => one.start < end && start < one.end))
  return [...taken, ...named]
}

function clockOf(match: RegExpExecArray): TimePhrase[] {
  const { day, part, hour, minutes: said, digits, rough, more, about } = match.groups ?? {}
  // 一点 and 两点 alone count and compare; with a part of day, minutes or 钟 they are times.
  const isBare = day === undefined && part === undefined && said === undefined && !/点[钟整]/.test(match[0])
  if (isBare && (hour === '一' || hour === '两')) return []
  const [hours, minute] = digits === undefined ? [numberOf(hour), minuteOf(said)] : colonTime(digits)
  if (hours === undefined || hours > 24 || minute > 59) return []
  return [
    {
      kind: 'clock',
      ...span(match),
      hour: hours,
      minute: more === undefined ? minute : minute + 30,
      isFullDay: digits !== undefined && digits.startsWith('0'),
      isRough: rough !== undefined || about !== undefined || more !== undefined,
      daysBack: backOf(day),
      part: namedPart(part),
    },
  ]
}

function partOf(match: RegExpExecArray): TimePhrase[] {
  const { day, part, dayOnly } = match.groups ?? {}
  const back = backOf(day ?? dayOnly)
  if (dayOnly !== undefined)
    return back === undefined ? [] : [{ kind: 'day', ...span(match), daysBack: back }]
  const named = namedPart(part)
  // 晚, 早 and 夜 alone are parts of many words.
  if (named === undefined || (part?.length === 1 && day === undefined)) return []
  return [{ kind: 'part', ...span(match), daysBack: back, part: named }]
}

function agoIn(match: RegExpExecArray): TimePhrase[] {
  const { half, halfUnit, count, andHalf, halfMore, unit } = match.groups ?? {}
  const ofUnit = unitMs[halfUnit ?? unit ?? ''] ?? 0
  const units =
    half === undefined
      ? (numberOf(count) ?? 0) + (andHalf === undefined && halfMore === undefined ? 0 : 0.5)
      : 0.5
  return units > 0 ? [{ kind: 'ago', ...span(match), ...agoOf(units * ofUnit) }] : []
}

function span(match: RegExpExecArray): { readonly start: number; readonly end: number } {
  return { start: match.index, end: match.index + match[0].length }
}

function backOf(day: string | undefined): number | undefined {
  return day === undefined ? undefined : daysBackOf[day.charAt(0)]
}

function namedPart(part: string | undefined): PartOfDay | undefined {
  return part === undefined ? undefined : parts.find(([words]) => words.test(part))?.[1]
}

function colonTime(digits: string): [number, number] {
  const [hours = 0, minute = 0] = digits.split(':').map(Number)
  return [hours, minute]
}

function minuteOf(said: string | undefined): number {
  if (said === undefined) return 0
  if (said === '半') return 30
  if (said.endsWith('刻')) return said.startsWith('三') ? 45 : 15
  return numberOf(said.replace('分', '')) ?? 60
}

const digitsInOrder = '零一二三四五六七八九'

/** Up to 99, in digits or characters; undefined where it is none. */
function numberOf(said: string | undefined): number | undefined {
  if (said === undefined) return undefined
  if (/^\d+$/.test(said)) return Number(said)
  const [tens, units, ...more] = said.replaceAll('两', '二').replace(/^零/, '').split('十')
  if (more.length > 0 || tens === undefined) return undefined
  if (units === undefined) return tens.length === 1 ? digitsInOrder.indexOf(tens) : undefined
  if (tens.length > 1 || units.length > 1) return undefined
  const ten = tens === '' ? 1 : digitsInOrder.indexOf(tens)
  return ten * 10 + (units === '' ? 0 : digitsInOrder.indexOf(units))
}
