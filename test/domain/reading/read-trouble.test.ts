import { describe, expect, it } from 'vitest'
import { readPattern, readSetting, readStillOut } from '../../../src/domain/reading/read-trouble.ts'

describe('whether the trouble goes on', () => {
  it.each([
    ['到现在还没恢复', 'yes'],
    ['现在还是没信号', 'yes'],
    ['刚才恢复了，现在又断了', 'yes'],
    ['现在没信号', 'yes'],
    ['现在能用了', 'no'],
    ['又没信号了', 'yes'],
    ['I have no signal right now', 'yes'],
    ['it was out, the signal is fine now', 'no'],
    ['still no signal', 'yes'],
    ['It is not back yet', 'yes'],
    ['service has not been restored', 'yes'],
    ['刚才没信号，现在好了', 'no'],
    ['昨晚断网，已经恢复了', 'no'],
    ['It went down at ten but it is working again', 'no'],
    ['still out at noon, came back at one', 'no'],
    ['什么时候能恢复', 'yes'],
    ['When will the signal be restored?', 'yes'],
    ['没信号', 'unknown'],
    ['No signal at ten', 'unknown'],
  ] as const)('%s: %s', (text, stillOut) => {
    expect(readStillOut(text)).toBe(stillOut)
  })
})

describe('how the trouble comes', () => {
  it.each([
    ['突然没信号了', 'sudden'],
    ['The signal suddenly disappeared', 'sudden'],
    ['信号时有时无', 'intermittent'],
    ['不断掉线', 'intermittent'],
    ['The internet comes and goes', 'intermittent'],
    ['calls keep dropping', 'intermittent'],
    ['一直信号不好', 'chronic'],
    ['slow every evening', 'chronic'],
    ['每天晚上都很卡', 'chronic'],
    ['bad reception for months', 'chronic'],
    ['搬进来就没信号', 'chronic'],
    ['家里老人说没信号', undefined],
    ['从今天早上一直没信号', undefined],
    ['no signal, all the time since this morning', undefined],
    ['没信号', undefined],
  ] as const)('%s: %s', (text, pattern) => {
    expect(readPattern(text)).toBe(pattern)
  })
})

describe('where the trouble is felt', () => {
  it.each([
    ['地下车库没信号', 'basement-or-lift'],
    ['进电梯就断', 'basement-or-lift'],
    ['no signal in the lift', 'basement-or-lift'],
    ['家里地下室没信号', 'basement-or-lift'],
    ['室内信号弱', 'indoor'],
    ['weak in my bedroom', 'indoor'],
    ['外面信号正常，室内没信号', 'indoor'],
    ['fine outside, nothing indoors', 'indoor'],
    ['高铁上老掉话', 'moving'],
    ['calls drop in the car', 'moving'],
    ['中山路上没信号', undefined],
    ['公园里没信号', 'outdoor'],
    ['no signal outside', 'outdoor'],
    ['没信号', undefined],
  ] as const)('%s: %s', (text, setting) => {
    expect(readSetting(text)).toBe(setting)
  })
})
