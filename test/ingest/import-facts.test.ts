import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { importFolder, ofType, type ImportFolder } from './import-into-folder.ts'

const shanghai = ['--zone', 'Asia/Shanghai']

describe('alarms', () => {
  const rows =
    'AlarmNo,NE,Start,End,Name,Level\nA1,BJHY,2026-03-01 10:02,2026-03-01 10:41,out of service,紧急\n'
  const mapped = [
    'elementId=NE',
    'alarmId=AlarmNo',
    'raisedAt=Start',
    'clearedAt=End',
    'probableCause=Name',
    'severity=Level',
  ]
  const maps = mapped.flatMap((pair) => ['--map', pair])

  test('are raised and cleared by the columns that a mapping names', async () => {
    const folder = importFolder()
    const file = folder.file('alarms.csv', rows)
    expect(await folder.run('alarms', file, ...maps, ...shanghai)).toMatchObject({ exitCode: 0 })
    const [raised, cleared] = await folder.events()
    expect(raised).toMatchObject({
      type: 'AlarmRaised',
      occurredAt: '2026-03-01T02:02:00.000Z',
      recordedAt: '2026-06-01T00:00:00.000Z',
      data: {
        alarmId: 'A1',
        elementId: 'BJHY',
        probableCause: 'out of service',
        perceivedSeverity: 'CRITICAL',
      },
      meta: { source: 'import:alarms.csv', actor: 'import' },
    })
    expect(cleared).toMatchObject({
      type: 'AlarmCleared',
      occurredAt: '2026-03-01T02:41:00.000Z',
      data: { alarmId: 'A1' },
    })
  })

  test('a mapping may lie in a file, and values may hold for all rows', async () => {
    const folder = importFolder()
    const file = folder.file('a.csv', rows)
    const mapping = folder.file(
      'mapping.json',
      JSON.stringify(Object.fromEntries(mapped.map((pair) => pair.split('=')))),
    )
    await folder.run(
      'alarms',
      file,
      '--mapping',
      mapping,
      ...shanghai,
      '--set',
      'alarmType=communications',
      '--source',
      'nms',
    )
    expect((await folder.events())[0]).toMatchObject({
      data: { alarmType: 'COMMUNICATIONS_ALARM' },
      meta: { source: 'nms' },
    })
  })

  test('imported twice add nothing (L2), whatever the file was renamed to where a source is named', async () => {
    const folder = importFolder()
    const source = ['--source', 'nms']
    await folder.run('alarms', folder.file('a.csv', rows), ...maps, ...shanghai, ...source)
    const again = await folder.run('alarms', folder.file('b.csv', rows), ...maps, ...shanghai, ...source)
    expect(again.told).toContain('0 stored, 2 known already, 0 refused')
    expect(await folder.events()).toHaveLength(2)
  })

  test('an id raised at another time is another occurrence, and a row of severity "cleared" a clear', async () => {
    const folder = importFolder()
    const file = folder.file(
      'a.csv',
      'alarm_id,element_id,raised_at,probable_cause,severity\nA1,S1,2026-03-01T10:00Z,down,major\nA1,S1,2026-03-01T10:05Z,down,Cleared\nA1,S1,2026-03-01T11:00Z,down,major\n',
    )
    await folder.run('alarms', file)
    expect((await folder.events()).map(({ type, occurredAt }) => [type, occurredAt.slice(11, 16)])).toEqual([
      ['AlarmRaised', '10:00'],
      ['AlarmCleared', '10:05'],
      ['AlarmRaised', '11:00'],
    ])
  })

  test('the same content under another reading of the clock is refused as differing, and nothing is overwritten', async () => {
    const folder = importFolder()
    const file = folder.file(
      'a.csv',
      'alarmId,elementId,raisedAt,probableCause,text\nA1,S1,2026-03-01T10:00Z,down,one\n',
    )
    await folder.run('alarms', file)
    folder.file('a.csv', 'alarmId,elementId,raisedAt,probableCause,text\nA1,S1,2026-03-01T10:00Z,down,two\n')
    const again = await folder.run('alarms', file)
    expect(again).toMatchObject({ exitCode: 3 })
    expect(again.told).toContain('line 2: is known already with other content')
    expect((await folder.events()).map(({ data }) => data)).toMatchObject([{ text: 'one' }])
  })
})

describe('complaints', () => {
  const row = (phone: string, text: string) =>
    `工单号,受理时间,故障时间,电话,姓名,内容,地点,经度,纬度\nC1,2026-03-01 12:05,2026-03-01 10:05,${phone},张三丰,"${text}",白马花园,113.33,23.13\n`
  const maps = [
    'complaintId=工单号',
    'reportedAt=受理时间',
    'troubleFrom=故障时间',
    'phone=电话',
    'name=姓名',
    'text=内容',
    'placeName=地点',
    'lon=经度',
    'lat=纬度',
  ].flatMap((pair) => ['--map', pair])
  const inGb = [...maps, ...shanghai, '--encoding', 'gb18030', '--set', 'crs=gcj02']

  test('in GB18030 are read, placed in WGS-84 and understood, and nothing personal lies in any file (S1)', async () => {
    const folder = importFolder()
    const file = folder.file(
      '投诉.csv',
      iconv.encode(row('13812345678', '手机没有信号，打不通电话'), 'gb18030'),
    )
    const result = await folder.run('complaints', file, ...inGb, '--refused', folder.path('refused.ndjson'))
    expect(result).toMatchObject({ exitCode: 0 })

    const [complaint] = ofType(await folder.events(), 'ComplaintReceived')
    expect(complaint).toMatchObject({
      occurredAt: '2026-03-01T04:05:00.000Z',
      data: {
        complaintId: 'C1',
        symptom: 'no-signal',
        service: 'mobile',
        trouble: { from: '2026-03-01T02:05:00.000Z' },
        place: { name: '白马花园', location: { original: { crs: 'gcj02', point: [113.33, 23.13] } } },
      },
    })
    expect(complaint?.data.customerRef).toMatch(/^[\w-]{22}$/)
    expect(await folder.unsealed('C1')).toEqual({
      phone: '13812345678',
      name: '张三丰',
      text: '手机没有信号，打不通电话',
    })
    expectNowhere(folder, ['13812345678', '张三丰', '打不通电话'])
  })

  test('of one customer share a reference; without an id of their own they are still imported once', async () => {
    const folder = importFolder()
    const file = folder.file(
      'c.csv',
      'reportedAt,phone,text\n2026-03-01T10:00Z,138 1234 5678,no signal\n2026-03-01T10:00Z,13900000000,no signal\n2026-03-02T10:00Z,+86-13812345678,no signal\n2026-03-02T10:00Z,,\n',
    )
    expect((await folder.run('complaints', file)).told).toContain('4 stored')
    expect((await folder.run('complaints', file)).told).toContain('0 stored, 4 known')
    const refs = ofType(await folder.events(), 'ComplaintReceived').map(({ data }) => data.customerRef)
    expect(refs[0]).toBe(refs[2])
    expect(new Set(refs).size).toBe(3)
  })

  test('are placed by name where the data folder has one such place, and else keep the name sealed', async () => {
    const folder = importFolder()
    const places = folder.file(
      'p.csv',
      'name,lon,lat,kind\n天河直街,113.331,23.131,street\n人民路,113.2,23.1,street\n人民路,114.2,23.9,street\n',
    )
    expect((await folder.run('places', places)).told).toContain('3 stored')
    const file = folder.file(
      'c.csv',
      'complaintId,reportedAt,placeName\nC1,2026-03-01T10:00Z,天河直街\nC2,2026-03-01T10:00Z,人民路\n',
    )
    await folder.run('complaints', file)
    const events = ofType(await folder.events(), 'ComplaintReceived')
    expect(events.map(({ data }) => data.place?.location.point)).toEqual([[113.331, 23.131], undefined])
    expect(await folder.unsealed('C2')).toEqual({ place: '人民路' })
  })

  test('a refused row tells nothing of its words or numbers (S1)', async () => {
    const folder = importFolder()
    const long = 'x'.repeat(4001)
    const file = folder.file(
      'c.csv',
      `reportedAt,phone,text,symptom\n2026-03-01T10:00Z,13812345678,secret,ghosts\n2026-03-01T10:00Z,${'138'.repeat(30)},${long},\n`,
    )
    const { told, exitCode } = await folder.run('complaints', file, '--refused', folder.path('r.ndjson'))
    expect(exitCode).toBe(3)
    expect(told).toContain('line 2: symptom')
    for (const text of [told, folder.read('r.ndjson')]) expect(text).not.toMatch(/secret|1381|xxx/)
  })
})

describe('cutovers and gaps', () => {
  test('a cutover is planned, started and finished by its times', async () => {
    const folder = importFolder()
    const file = folder.file(
      'w.csv',
      'cutoverId,title,elementIds,plannedStart,plannedEnd,plannedAt,startedAt,finishedAt,work\nCO-118,Baima Garden,S1|S2,2026-03-01T02:00Z,2026-03-01T03:00Z,2026-02-28T09:00Z,2026-03-01T02:01Z,2026-03-01T03:30Z,Swap\n',
    )
    await folder.run('cutovers', file)
    expect((await folder.events()).map(({ type, occurredAt }) => [type, occurredAt.slice(5, 16)])).toEqual([
      ['CutoverPlanned', '02-28T09:00'],
      ['CutoverStarted', '03-01T02:01'],
      ['CutoverFinished', '03-01T03:30'],
    ])
  })

  test('works of the future, without a word when they were entered, are as old as their file', async () => {
    const folder = importFolder()
    const file = folder.file(
      'w.csv',
      'cutoverId,title,elementIds,plannedStart,plannedEnd\nCO-1,Swap,S1,2026-09-01T02:00Z,2026-09-01T03:00Z\n',
    )
    expect(await folder.run('cutovers', file)).toMatchObject({ exitCode: 0 })
    expect((await folder.events())[0]).toMatchObject({ occurredAt: '2026-01-15T00:00:00.000Z' })
  })

  test('a gap is a circle or a polygon, with reason and remedy in either language', async () => {
    const folder = importFolder()
    const file = folder.file(
      'g.csv',
      'gapId;kind;lon;lat;radiusMeters;ring;reason;remedy;remedyReference\nG1;盲点;113.3;23.1;150;;物业难点;规划基站;P-7\nG2;weak-signal;;;;113 23, 113.1 23, 113.1 23.1;;;\nG3;盲点;113.3;23.1;;;;;\n',
    )
    const { exitCode, told } = await folder.run('gaps', file)
    expect(exitCode).toBe(3)
    expect(told).toContain('line 4: area.radiusMeters is missing')
    expect((await folder.events()).map(({ data }) => data)).toMatchObject([
      {
        kind: 'blind-spot',
        area: { kind: 'circle', radiusMeters: 150 },
        reason: { kind: 'owner-refuses' },
        remedy: { kind: 'planned-site', reference: 'P-7' },
      },
    ])
  })
})

describe('refused rows', () => {
  test('are named by the line of the file, to the terminal and to a file, while the others are stored', async () => {
    const folder = importFolder()
    const file = folder.file(
      'a.csv',
      'alarmId,elementId,raisedAt,probableCause,text\nA1,S1,2026-03-01T10:00Z,down,"two\nlines"\nA2,S1,yesterday,down,\nA3,,2026-03-01T10:00Z,down,\nA4,S1,2027-03-01T10:00Z,down,\nA5,S1,2026-03-01T10:00Z,down,"open\nA6,S1,2026-03-01T10:00Z,down,\n',
    )
    const { exitCode, told, message } = await folder.run('alarms', file, '--refused', folder.path('r.ndjson'))
    expect(exitCode).toBe(3)
    expect(message).toContain('some rows were refused')
    expect(told).toContain('2 stored, 0 known already, 4 refused')
    const refused = folder
      .read('r.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; reason: string })
    expect(refused.map(({ line }) => line).sort((a, b) => a - b)).toEqual([4, 5, 6, 7])
    const reasonAt = (line: number) => refused.find((refusal) => refusal.line === line)?.reason
    expect(reasonAt(4)).toContain('raisedAt: "yesterday" is no time')
    expect(reasonAt(5)).toBe('elementId is missing')
    expect(reasonAt(6)).toContain('lies in the future')
    expect(reasonAt(7)).toContain('never closed')
  })

  test('names of columns and words that mean something to the language are data like any other', async () => {
    const folder = importFolder()
    const heading = 'alarmId,elementId,raisedAt,probableCause,severity,__proto__,constructor,serviceAffecting'
    const file = folder.file(
      'a.csv',
      `${heading}\nA1,S1,2026-03-01T10:00Z,down,,1,2,\nA2,S1,2026-03-01T10:00Z,down,constructor,,,\nA3,S1,2026-03-01T10:00Z,down,,,,valueOf\n`,
    )
    const { told } = await folder.run('alarms', file)
    expect(told).toContain('1 stored, 0 known already, 2 refused')
  })

  test('what no log takes is refused, and costs nothing else of its batch', async () => {
    const folder = importFolder()
    const heading = 'cutoverId,title,elementIds,plannedStart,plannedEnd'
    const ids = Array.from({ length: 400 }, (_, at) => `${at}${'号'.repeat(190)}`).join('|')
    const row = (id: string, elements: string) => `${id},Swap,${elements},2026-03-01T02:00Z,2026-03-01T03:00Z`
    const file = folder.file('w.csv', [heading, row('CO-1', ids), row('CO-2', 'S1'), ''].join('\n'))
    const { exitCode, told } = await folder.run('cutovers', file)
    expect(exitCode).toBe(3)
    expect(told).toMatch(/line 2: cannot be stored: .*maxEventBytes/)
    expect(ofType(await folder.events(), 'CutoverPlanned').map(({ data }) => data.cutoverId)).toEqual([
      'CO-2',
    ])
  })

  test.each([
    [['alarms', 'missing.csv'], 1, 'missing.csv cannot be read'],
    [['alarms', 'a.csv', '--map', 'alarmId=Nr'], 2, 'no column Nr; the heading has alarmId'],
    [['alarms', 'a.csv', '--map', 'colour=alarmId'], 2, 'no field colour'],
    [['alarms', 'a.csv', '--map', 'alarmId'], 2, 'must be written field=value'],
    [['alarms', 'a.csv', '--zone', 'Moon'], 2, '--zone Moon'],
    [['alarms', 'a.csv', '--as-of', 'now'], 2, '--as-of now'],
    [['alarms', 'gb.csv'], 1, '--encoding gb18030'],
    [['history', 'a.csv'], 2, 'must be kind=file'],
    [['alarms', 'a.csv', '--url', 'nowhere'], 2, '--url nowhere'],
  ])('%j ends with %i', async (args, exitCode, message) => {
    const folder = importFolder()
    folder.file('a.csv', 'alarmId,elementId,raisedAt,probableCause\n')
    folder.file('gb.csv', iconv.encode('alarmId,告警\n', 'gb18030'))
    const result = await folder.run(...args.map((arg) => (arg.endsWith('.csv') ? folder.path(arg) : arg)))
    expect(result.exitCode).toBe(exitCode)
    expect(result.message).toContain(message)
  })
})

/** No file of the data folder holds any of the words, in any encoding that is written here. */
function expectNowhere(folder: ImportFolder, words: readonly string[]): void {
  const files = readdirSync(folder.data, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath, file.name))
    for (const word of words) expect(bytes.includes(word), `${file.name} holds ${word}`).toBe(false)
  }
}
