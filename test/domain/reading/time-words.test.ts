import { describe, expect, it } from 'vitest'
import { toInstant, toMs } from '../../../schemas/instant.ts'
import { readOnset } from '../../../src/domain/reading/time-words.ts'
import { wallAt } from '../../../src/domain/reading/wall-clock.ts'

const shanghai = { zone: 'Asia/Shanghai', reportedMs: toMs('2026-03-01T03:58:00.000Z') }

/** `2026-03-01 10:00 ±15`, on the clock of the zone and in minutes. */
function heard(text: string, { zone, reportedMs } = shanghai): string {
  const onset = readOnset(text, { zone, reportedMs })
  if (onset === undefined) return 'nothing'
  const wall = toInstant(wallAt(onset.fromMs, zone)).slice(0, 16).replace('T', ' ')
  return `${wall} ±${Math.round(onset.uncertaintyMs / 60_000)}`
}

describe('the report is of 1 March 2026, 11:58 in Guangzhou', () => {
  it.each([
    ['天河直街 上午十点开始没信号', '2026-03-01 10:00 ±15'],
    ['家里没有信号，上午十点开始', '2026-03-01 10:00 ±15'],
    ['no signal on Tianhe Street since ten', '2026-03-01 10:00 ±15'],
    ['上午十点半开始断网', '2026-03-01 10:30 ±15'],
    ['上午十点一刻断网', '2026-03-01 10:15 ±15'],
    ['上午十点二十分没信号', '2026-03-01 10:20 ±15'],
    ['从早上八点多开始没信号', '2026-03-01 08:30 ±30'],
    ['大概十点左右，没信号了', '2026-03-01 10:00 ±30'],
    ['昨天下午3点20没网', '2026-02-28 15:20 ±15'],
    ['下午3点20断的，没信号', '2026-02-28 15:20 ±15'],
    ['昨晚八点开始上不了网', '2026-02-28 20:00 ±15'],
    ['晚上八点就没信号', '2026-02-28 20:00 ±15'],
    ['昨晚十二点断网', '2026-03-01 00:00 ±15'],
    ['昨晚两点断网', '2026-03-01 02:00 ±15'],
    ['凌晨两点没有信号', '2026-03-01 02:00 ±15'],
    ['昨天中午没信号', '2026-02-28 12:00 ±60'],
    ['从早上开始没信号', '2026-03-01 08:59 ±179'],
    ['今天早上没信号', '2026-03-01 08:59 ±179'],
    ['昨晚断网', '2026-02-28 21:00 ±180'],
    ['前天开始没信号', '2026-02-27 12:00 ±720'],
    ['昨天十点没信号', '2026-02-28 16:00 ±360'],
    ['两个小时前没信号了', '2026-03-01 09:58 ±30'],
    ['一个半小时前断网', '2026-03-01 10:28 ±23'],
    ['半小时前断网', '2026-03-01 11:28 ±10'],
    ['没信号三天了', '2026-02-26 11:58 ±1080'],
    ['10:30开始没信号', '2026-03-01 10:30 ±15'],
    ['上午十點開始沒信號', '2026-03-01 10:00 ±15'],
    ['十点没信号，十一点恢复了', '2026-03-01 10:00 ±15'],
    ['从十点到十一点没信号', '2026-03-01 10:00 ±15'],
    ['昨晚还正常，从上午九点开始没信号', '2026-03-01 09:00 ±15'],
    ['10号楼上午十点开始没信号', '2026-03-01 10:00 ±15'],
    ['No signal since 10:30', '2026-03-01 10:30 ±15'],
    ['No signal since 10 am.', '2026-03-01 10:00 ±15'],
    ['No signal since 10 a.m. in the flat', '2026-03-01 10:00 ±15'],
    ['no signal since 9 pm', '2026-02-28 21:00 ±15'],
    ['It went down at half past nine, no internet', '2026-03-01 09:30 ±15'],
    ['It started at about ten o’clock', '2026-03-01 10:00 ±30'],
    ['no signal since this morning', '2026-03-01 08:59 ±179'],
    ['no internet since yesterday evening', '2026-02-28 21:00 ±180'],
    ['no signal since eight yesterday evening', '2026-02-28 20:00 ±15'],
    ['no signal since last night', '2026-03-01 00:00 ±240'],
    ['no internet since yesterday', '2026-02-28 12:00 ±720'],
    ['the signal disappeared two hours ago', '2026-03-01 09:58 ±30'],
    ['no signal for an hour', '2026-03-01 10:58 ±15'],
    ['no signal for three days', '2026-02-26 11:58 ±1080'],
    ['no signal since eleven, it was fine until ten', '2026-03-01 11:00 ±15'],
    ['since ten, no signal', '2026-03-01 10:00 ±15'],
    ['no signal since noon yesterday', '2026-02-28 12:00 ±15'],
  ])('%s: %s', (text, wanted) => {
    expect(heard(text)).toBe(wanted)
  })

  it.each([
    '家里没有信号',
    '信号一点都没有',
    '有一点卡，信号差一点',
    '网速三点五兆，太慢',
    '离基站三点五公里没信号',
    '10号楼没信号',
    '1030房没信号',
    '我反映两点问题：没信号',
    '积分10点没到账',
    '每天晚上八点网络很卡',
    '明天上午十点上门，家里没信号',
    '请下午三点联系我，没信号',
    '十点报修过，没信号',
    '十一点恢复了，之前没信号',
    '3月1日上午十点没信号',
    '周一上午十点没信号',
    '我昨天交了话费',
    '今天十二点没信号',
    '今晚八点没信号',
    '套餐用了三天了没信号',
    '第三点，没信号',
    '电话13810301030没信号',
    'no signal',
    'no signal at ten places',
    'paid 10 yuan, no signal',
    'no signal on 5 phones',
    'the speed fell from 10 to 2, slow',
    'slow every evening at eight',
    'call me at ten, no signal',
    'no signal, room 1030',
    'no signal until ten',
    'it came back at eleven, no signal before',
    'the internet was out for an hour',
    'waited for an hour, no signal',
    '网速10点多兆，太慢',
    'the last 2 days no signal',
    'no signal since Monday',
    'no signal for months',
    'no signal since noon',
    'no signal, the app says 00:1a:2b:3c',
    'I bought the phone yesterday',
    'no signal at 10 Baker Street',
  ])('%s: nothing', (text) => {
    expect(heard(text)).toBe('nothing')
  })

  it('says which words it comes of', () => {
    expect(readOnset('天河直街 上午十点开始没信号', shanghai)?.words).toBe('上午十点')
    expect(readOnset('no signal since 10:30 am', shanghai)?.words).toBe('10:30 am')
  })
})

describe('where clocks change, it is the clock of the zone', () => {
  const berlin = (at: string) => ({ zone: 'Europe/Berlin', reportedMs: toMs(at) })
  it.each([
    ['no signal since ten', '2026-03-29T09:30:00.000Z', '2026-03-29T08:00:00.000Z'],
    ['no signal since 1 am', '2026-03-29T09:30:00.000Z', '2026-03-29T00:00:00.000Z'],
    ['no signal since yesterday at 9 pm', '2026-03-29T09:30:00.000Z', '2026-03-28T20:00:00.000Z'],
    ['no signal since 9 am', '2026-10-25T11:30:00.000Z', '2026-10-25T08:00:00.000Z'],
    ['no signal since 9 pm', '2026-10-25T11:30:00.000Z', '2026-10-24T19:00:00.000Z'],
    ['four hours ago the signal disappeared', '2026-03-29T03:30:00.000Z', '2026-03-28T23:30:00.000Z'],
  ])('%s, told at %s: %s', (text, at, from) => {
    const onset = readOnset(text, berlin(at))
    expect(onset && toInstant(onset.fromMs)).toBe(from)
  })

  it('is never after the report', () => {
    for (let minute = 0; minute < 2 * 1440; minute += 7) {
      const reportedMs = toMs('2026-10-24T12:00:00.000Z') + minute * 60_000
      for (const text of [
        '没信号，上午十点开始',
        'no signal since 2:30',
        '昨晚没信号',
        'no signal since this morning',
      ]) {
        const onset = readOnset(text, { zone: 'Europe/Berlin', reportedMs })
        if (onset !== undefined) expect(onset.fromMs).toBeLessThanOrEqual(reportedMs)
      }
    }
  })
})
