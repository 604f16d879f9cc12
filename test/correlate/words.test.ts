import { expect, test } from 'vitest'
import { clock, hourMs, input, newDay } from './day.ts'
import { amended, at, between, call, cleared, garden, raised, site, twoSites, works } from './story.ts'

const noCode = /[A-Z]{2,}|\d{2,}|_/

test('"restored" is said of works only where someone said that they are over', () => {
  const silent = twoSites()
  silent.feed(works('08:00', 'CO', '10:00', '11:00', { elementIds: ['S1'] }))
  silent.feed(input('CutoverStarted', clock('10:00'), { cutoverId: 'CO' }))
  for (let n = 0; n < 6; n += 1) silent.feed(call(`C${n}`, '10:10', '10:02'))
  silent.settle(clock('16:00'))
  expect(silent.answer('C0').state).toBe('restored')
  expect(silent.answer('C0').words.en).not.toContain('restored')

  const told = twoSites()
  told.feed(works('08:00', 'CO', '10:00', '11:00', { elementIds: ['S1'] }))
  told.feed(input('CutoverStarted', clock('10:00'), { cutoverId: 'CO' }))
  for (let n = 0; n < 6; n += 1) told.feed(call(`C${n}`, '10:10', '10:02'))
  told.feed(input('CutoverFinished', clock('10:50'), { cutoverId: 'CO' }))
  told.settle(clock('16:00'))
  expect(told.answer('C0').words.en).toContain('restored')
})

test('words written for an advisory are not said once its end has passed, nor when it is over', () => {
  const day = twoSites()
  const words = { zh: '光缆抢修中，下午两点前恢复', en: 'The cable will be mended by two.' }
  day.feed(
    input('AdvisoryPublished', clock('10:00'), {
      advisoryId: 'ADV',
      advisoryType: 'fibre cut',
      title: 'Fibre cut',
      area: { kind: 'circle', center: garden, radiusMeters: 3000 },
      outage: { expectedEnd: at('14:00') },
      words,
    }),
    call('before', '10:30', '10:02'),
    call('after', '14:10', '10:02'),
  )
  expect(day.answer('before')).toMatchObject({ words, wordsUntil: at('14:00') })
  expect(day.answer('after').words.en).not.toBe(words.en)
  day.feed(input('AdvisoryWithdrawn', clock('14:20'), { advisoryId: 'ADV' }), call('over', '14:30', '10:02'))
  expect(day.answer('over').words.en).not.toBe(words.en)
})

test('of a gap that has been closed nobody says that coverage is lacking', () => {
  const day = twoSites()
  day.feed(
    input('CoverageGapReported', clock('08:00'), {
      gapId: 'G',
      kind: 'blind-spot',
      area: { kind: 'circle', center: garden, radiusMeters: 150 },
    }),
    call('C', '10:10', '10:01', { trouble: { from: at('10:01'), pattern: 'chronic' } }),
    input('CoverageGapClosed', clock('12:00'), { gapId: 'G' }),
  )
  expect(day.answer('C').state).toBe('standing')
  day.settle(clock('13:00'))
  expect(day.answer('C').state).toBe('restored')
  expect(day.answer('C').words.en).not.toContain('Coverage')
})

test('questions name places that a customer knows: no codes, no titles of works, no ids', () => {
  const day = newDay()
  day.feed(
    site('GZ_0017', '白马花园_BTS01', garden),
    site('GZ_0018', 'GZ-0018', [113.333, 23.135]),
    input('CoverageGapReported', clock('08:00'), {
      gapId: 'GAP-0815',
      kind: 'blind-spot',
      area: { kind: 'circle', center: between, radiusMeters: 200 },
    }),
    works('08:00', 'CO-4711', '09:50', '12:00', {
      title: 'Swap BBU 3900',
      area: { kind: 'circle', center: between, radiusMeters: 400 },
    }),
    raised('10:00', 'GZ_0017'),
    raised('10:00', 'GZ_0018'),
  )
  for (let n = 0; n < 8; n += 1) {
    const lon = 113.324 + 0.0015 * n
    day.feed(
      call(`C${n}`, '10:10', '10:01', {
        place: { location: { point: [lon, 23.136] }, uncertaintyMeters: 400 },
      }),
    )
  }
  const questions = day.decisions.flatMap((event) =>
    event.type === 'CauseAttributed' && event.data.question ? [event.data.question] : [],
  )
  expect(questions.length).toBeGreaterThan(3)
  for (const { words, options } of questions) {
    expect(options.length).toBeGreaterThan(0)
    for (const text of [words.zh, words.en]) expect(text.replace(/\d+ ?(米|m)/, '')).not.toMatch(noCode)
    expect(words.en).not.toContain('near close by')
  }
})

test('nothing is asked twice: with every question answered and none the wiser, it is dispatched', () => {
  const day = twoSites()
  day.feed(raised('10:00', 'S1'), raised('10:00', 'S2'))
  day.feed(call('C', '10:10', '10:01', { place: { location: { point: between }, uncertaintyMeters: 400 } }))
  const options = day.answer('C').question?.options ?? []
  expect(options).toHaveLength(2)
  const confirmations = options.map(({ about }) => ({ about, answer: 'unknown' }))
  day.feed(amended('10:11', 'C', { confirmations }))
  expect(day.answer('C')).toMatchObject({ verdict: 'explained', band: 'dispatch' })
  expect(day.answer('C').question).toBeUndefined()
})

test('without a place, known only by the cell that served, the question is where it was', () => {
  const day = newDay()
  day.feed(
    site('GZ_0017', 'GZ_0017', garden),
    raised('10:00', 'GZ_0017', { probableCause: 'Cell Capability Degraded' }),
  )
  day.feed(call('C', '10:10', '10:01', { place: undefined, servedBy: 'GZ_0017', symptom: 'sms' }))
  const { band, question } = day.answer('C')
  if (band === 'ask') expect(question?.words.en).toContain('Where')
  expect(question?.words.en ?? '').not.toContain('close by?')
})

test('works that have not begun are not what interrupts the signal', () => {
  const day = twoSites()
  day.feed(works('08:00', 'CO', '11:00', '12:00', { elementIds: ['S1'] }))
  for (let n = 0; n < 6; n += 1) day.feed(call(`C${n}`, '10:30', '10:25'))
  expect(day.answer('C5')).toMatchObject({ verdict: 'unexplained', alternatives: [] })
})

test('asking changes nothing: an inventory that is asked about is taken in like one that is not (E2)', () => {
  const story = (ask: boolean): unknown => {
    const day = twoSites()
    day.feed(raised('10:00', 'S1'), call('C', '10:10', '10:01'))
    day.settle(clock('10:20'))
    for (let n = 0; n < 70; n += 1) {
      const point: [number, number] = [113.326 + n * 1e-4, 23.1351]
      day.feed(
        input(
          'ElementRegistered',
          clock('10:30') + n,
          { elementId: `N${n}`, kind: 'site', name: 'New', location: { point } },
          { id: `N${n}` },
        ),
      )
      const draft = call('draft', '10:31', '10:01')
      if (ask && n % 10 === 0 && draft.type === 'ComplaintReceived')
        day.engine.assess(draft.data, clock('10:31'))
    }
    day.feed(raised('11:00', 'S2'), cleared('11:10', 'S2'))
    day.settle(clock('11:00') + 5 * hourMs)
    return day.decisions.map(({ type, recordedAt, data, meta }) => ({
      type,
      recordedAt,
      data: { ...data, supersedes: '' },
      trigger: meta.trigger,
    }))
  }
  expect(JSON.stringify(story(true)).replaceAll(/OUT-\w+/g, 'OUT')).toBe(
    JSON.stringify(story(false)).replaceAll(/OUT-\w+/g, 'OUT'),
  )
})
