import { agoOf, dayMs, hourMs, minuteMs, type PartOfDay, type TimePhrase } from './time-phrase.ts'

const hourWords = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const words = hourWords.join('|')
const partsOfDay = ['morning', 'afternoon', 'evening', 'night'] as const
const part = partsOfDay.join('|')
const day = 'the day before yesterday|yesterday|today|this|last|tonight'
const meridiem = '(?<meridiem>am|pm)\\b'
const rough = '(?<rough>about|around|roughly|approximately|approx|maybe)'
const number = `\\d{1,2}|${words}`
const clock = new RegExp(
  `(?:\\b(?<day1>${day})\\s+(?:(?<part1>${part})\\s+)?)?` +
    `(?:\\b(?<lead>since|at|from|after|about|around|roughly|approximately|maybe|before|until|till|by|to)\\s+)?(?:${rough}\\s+)?` +
    `(?:(?<half>half past)\\s+|(?<quarter>quarter past)\\s+)?` +
    `(?:(?<![\\w.:/-])(?<digits>(?:[01]?\\d|2[0-3]):[0-5]\\d)(?![\\d:.])|(?<![\\w.:/-])(?<hour>${number})(?:\\s(?<spelt>fifteen|twenty|thirty|forty five))?(?:ish)?)` +
    `(?:\\s*${meridiem})?(?<oclock>\\s*oclock)?(?![\\w%/:])` +
    `(?:\\s+(?:in the\\s+|on\\s+)?(?:(?<day2>${day})(?:\\s+(?<part2>${part}))?|(?<part3>${part}))\\b)?`,
  'g',
)
const named = new RegExp(
  `\\b(?:(?<day>the day before yesterday|yesterday|this|last)\\s+)(?<part>${part})\\b|\\b(?<noon>noon|midday)(?:\\s+(?<noonDay>yesterday|today))?\\b|\\b(?<tonight>tonight)\\b|\\b(?<midnight>midnight)\\b|\\b(?<dayOnly>the day before yesterday|yesterday)\\b`,
  'g',
)
const unit = '(?<unit>minutes?|mins?|hours?|hrs?|days?)\\b'
const count = `(?:(?<half>half an?)|(?<couple>a couple of)|(?<count>an?|${number}))(?<andHalf>\\s+and a half)?`
const ago = new RegExp(`\\b${count}\\s+${unit}\\s+ago\\b`, 'g')
const lasting = new RegExp(
  `\\b(?:for|(?:in|over)\\s+the\\s+(?:past|last))\\s+(?:(?:about|over|around|almost|nearly|the|past|last|more than)\\s+)*${count}\\s+${unit}`,
  'g',
)
/** "Was out for an hour" does not say which hour. */
const isOver = /\b(?:was|were|went|did|lasted)\b/
/** After a bare hour only what goes on as a sentence does: "at ten places" names no time. */
const goesOn =
  /^\s*$|^\s+(?:and|but|it|i|we|my|our|no|not|there|or so|sharp|on|when|all|everything|nothing|still|until|till|now|the (?:signal|internet|phone|network|line))\b/

/** What an English clause says of times; `clause` in lower case without apostrophes. */
export function englishTimes(clause: string): TimePhrase[] {
  const clocks = [...clause.matchAll(clock)].flatMap((match) => clockOf(match, clause))
  const spans = [...clause.matchAll(ago), ...(isOver.test(clause) ? [] : clause.matchAll(lasting))].flatMap(
    agoOfMatch,
  )
  const taken = [...clocks, ...spans]
  const parts = [...clause.matchAll(named)]
    .flatMap(partOf)
    .filter(({ start, end }) => !taken.some((one) => one.start < end && start < one.end))
  return [...taken, ...parts]
}

function clockOf(match: RegExpExecArray, clause: string): TimePhrase[] {
  const groups = match.groups ?? {}
  const { lead, digits, hour, half, quarter, spelt, meridiem, oclock, rough, day1, day2, part1 } = groups
  const part = part1 ?? groups['part2'] ?? groups['part3']
  const isSaid =
    digits !== undefined ||
    [meridiem, oclock, half, quarter, day1, day2, part].some((one) => one !== undefined) ||
    (lead !== undefined && goesOn.test(clause.slice(match.index + match[0].length)))
  // "The last two" are no hours; "this morning at two" is one.
  if (!isSaid || (/^(?:this|last)$/.test(day1 ?? '') && part1 === undefined)) return []
  const [hours = 0, colonMinute = 0] = (digits ?? String(numberOf(hour))).split(':').map(Number)
  if (hours > 24 || ((half ?? quarter) !== undefined && digits !== undefined)) return []
  const minute =
    half === undefined ? (quarter === undefined ? (spelled[spelt ?? ''] ?? colonMinute) : 15) : 30
  // What leads is no part of the phrase, so that what leads can be asked about.
  const leads = /^(?:(?:since|at|from|after|before|until|till|by|to)\s+)+/.exec(match[0])?.[0].length ?? 0
  return [
    {
      kind: 'clock',
      start: match.index + leads,
      end: match.index + match[0].length,
      hour: hours,
      minute,
      isFullDay: digits !== undefined && digits.startsWith('0'),
      isRough:
        rough !== undefined ||
        /^(?:about|around|roughly|approx|maybe)|ish\b|\bor so\b/.test(`${lead} ${match[0]}`),
      daysBack: backOf(day1 ?? day2),
      part:
        meridiem === 'am' || meridiem === 'pm'
          ? meridiem
          : partNamed(part ?? (day1 === 'tonight' || day2 === 'tonight' ? 'evening' : undefined)),
    },
  ]
}

const spelled: Readonly<Record<string, number>> = { fifteen: 15, twenty: 20, thirty: 30, 'forty five': 45 }

function partOf(match: RegExpExecArray): TimePhrase[] {
  const { day, part, noon, noonDay, midnight, tonight, dayOnly } = match.groups ?? {}
  const place = { start: match.index, end: match.index + match[0].length }
  if (noon !== undefined)
    return [
      {
        kind: 'clock',
        ...place,
        hour: 12,
        minute: 0,
        isRough: false,
        daysBack: backOf(noonDay),
        part: 'noon',
      },
    ]
  if (midnight !== undefined)
    return [{ kind: 'clock', ...place, hour: 0, minute: 0, isRough: false, part: 'small-hours' }]
  if (tonight !== undefined) return [{ kind: 'part', ...place, daysBack: 0, part: 'evening' }]
  if (dayOnly !== undefined) return [{ kind: 'day', ...place, daysBack: backOf(dayOnly) ?? 1 }]
  const known = partNamed(part)
  return known === undefined ? [] : [{ kind: 'part', ...place, daysBack: backOf(day), part: known }]
}

function agoOfMatch(match: RegExpExecArray): TimePhrase[] {
  const { half, couple, count, andHalf, unit = '' } = match.groups ?? {}
  const ofUnit = unit.startsWith('d') ? dayMs : unit.startsWith('h') ? hourMs : minuteMs
  const whole = half === undefined ? (couple === undefined ? numberOf(count) : 2) : 0.5
  const units = whole + (andHalf === undefined ? 0 : 0.5)
  const place = { start: match.index, end: match.index + match[0].length }
  return units > 0 ? [{ kind: 'ago', ...place, ...agoOf(units * ofUnit) }] : []
}

const daysBack: Readonly<Record<string, number>> = {
  'the day before yesterday': 2,
  yesterday: 1,
  last: 1,
  today: 0,
  this: 0,
  tonight: 0,
}

function backOf(day: string | undefined): number | undefined {
  return day === undefined ? undefined : daysBack[day]
}

function partNamed(part: string | undefined): PartOfDay | undefined {
  return partsOfDay.find((one) => one === part)
}

function numberOf(said: string | undefined): number {
  if (said === undefined) return 0
  if (said === 'a' || said === 'an') return 1
  return /^\d/.test(said) ? Number(said) : hourWords.indexOf(said) + 1
}
