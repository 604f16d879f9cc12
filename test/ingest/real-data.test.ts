import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importFolder, ofType } from './import-into-folder.ts'

const data = '../shared/data'
const cells = `${data}/lte-cells/cells.csv`
const access = `${data}/access-network-alarms`
const complaints = `${data}/telecom-complaints/Comcast_telecom_complaints_data.csv`

function present(path: string): boolean {
  if (!existsSync(path)) console.warn(`skipped: ${path} is not here`)
  return existsSync(path)
}

describe.runIf(present(cells))('3,237 LTE cells', () => {
  test('become 601 sites under four operators, once however often they are imported', async () => {
    const folder = importFolder()
    const first = await folder.run('inventory', cells)
    expect(first.told).toContain('3237 rows read; 3842 stored, 0 known already, 0 refused')
    expect(first.exitCode).toBe(0)
    expect((await folder.run('inventory', cells)).told).toContain('0 stored, 3842 known already')

    const elements = ofType(await folder.events(), 'ElementRegistered').map(({ data: element }) => element)
    const idsOf = (kind: string) =>
      elements.filter((element) => element.kind === kind).map(({ elementId }) => elementId)
    expect(idsOf('core').sort()).toEqual(['23410', '23415', '23420', '23430'])
    expect(idsOf('site')).toHaveLength(601)
    expect(idsOf('cell')).toHaveLength(3237)
    const known = new Set(elements.map(({ elementId }) => elementId))
    expect(elements.filter(({ parent }) => parent !== undefined && !known.has(parent))).toEqual([])

    expect(elements.find(({ elementId }) => elementId === '23410-504287-110')).toMatchObject({
      parent: '23410-504287',
      network: '23410',
      name: 'Cuckfield Bypass 110',
      location: { point: [-0.145568, 50.999575] },
      attributes: { azimuthDegrees: 277, pci: 406, earfcn: 6400 },
    })
  })
})

describe.runIf(present(access))('an access network on rings', () => {
  const nodes = `${access}/nodes.csv`
  const links = ['--links', `${access}/links_logical.csv`, '--links', `${access}/ups.csv`]

  test('is linked by what its logical links imply', async () => {
    const folder = importFolder()
    expect((await folder.run('inventory', nodes, ...links)).exitCode).toBe(0)
    const events = await folder.events()
    expect(ofType(events, 'ElementRegistered')).toHaveLength(1243)

    const all = ofType(events, 'ElementLinked').map(({ data: link }) => link)
    const linked = (wanted: string) => all.filter(({ relation }) => relation === wanted)
    // One for each row of ups.csv.
    expect(linked('powers')).toHaveLength(608)
    // 630 nodes are named by links: 11 block routers, 27 that reach none of these, 23 that two separate ways lead to.
    expect(linked('feeds')).toHaveLength(630 - 11 - 27 - 23)
    // 677 rows name 675 pairs; 47 of these have an end of a spur, which is on no ring.
    expect(linked('ringNeighbour')).toHaveLength(675 - 47)

    // KHAMHARGAON stands on a ring of one block router, which all its ways out lead through.
    const ofKhamhargaon = linked('feeds').filter(({ elementId }) => elementId === 'n0132')
    expect(ofKhamhargaon).toMatchObject([{ dependsOn: 'n0087' }])
  })

  test('its segments of fibre are no links', async () => {
    const result = await importFolder().run('inventory', nodes, '--links', `${access}/links_physical.csv`)
    expect(result).toMatchObject({ exitCode: 2 })
    expect(result.message).toContain('give those')
  })

  test('its alarms are read by the clock of the NMS, whose own correlation stays an attribute', async () => {
    const folder = importFolder()
    const files = [`${access}/alarms_current.csv`, `${access}/alarms_history.csv`]
    const { told, exitCode } = await folder.run('alarms', ...files, '--zone', 'Asia/Kolkata')
    expect(exitCode).toBe(0)
    // 3,028 active and 942 past alarms; 36 of the past ones come twice, cleared at another time.
    expect(told).toContain(`3970 rows read; ${3028 + 942 + 942 - 36} stored, 36 known already, 0 refused`)

    const events = await folder.events()
    expect(ofType(events, 'AlarmRaised')).toHaveLength(3028 + 942 - 36)
    expect(ofType(events, 'AlarmCleared')).toHaveLength(942)
    const child = ofType(events, 'AlarmRaised').find(
      ({ data: alarm }) => alarm.attributes?.['root_alarm'] !== undefined,
    )
    expect(child?.data.attributes).toMatchObject({ is_root: '0' })
    expect(ofType(events, 'AlarmRaised')[0]).toMatchObject({
      occurredAt: '2024-10-01T09:39:05.000Z',
      data: {
        alarmId: 'a03765',
        elementId: 'n0526',
        alarmType: 'EQUIPMENT_ALARM',
        probableCause: 'node_not_reachable',
        perceivedSeverity: 'CRITICAL',
      },
    })
  })

  test('loads as one history, in the order in which it was recorded', async () => {
    const folder = importFolder()
    const files = [
      'inventory=nodes.csv',
      'links=links_logical.csv',
      'links=ups.csv',
      'alarms=alarms_current.csv',
      'alarms=alarms_history.csv',
    ]
    const args = files.map((file) => file.replace('=', `=${access}/`))
    const { exitCode } = await folder.run('history', ...args, '--zone', 'Asia/Kolkata', '--backfill')
    expect(exitCode).toBe(0)
    const events = await folder.events()
    const times = events.map(({ recordedAt }) => recordedAt)
    expect(times).toEqual(times.toSorted())
    expect(events[0]?.type).toBe('ElementRegistered')
    expect(events.every(({ meta }) => meta.backfilled)).toBe(true)
  })
})

describe.runIf(present(complaints))('2,224 complaints with mapped columns', () => {
  test('are read with date and time joined, their words sealed and understood (S1)', async () => {
    const folder = importFolder()
    const columns = [
      'reportedAt=Date+Time',
      'complaintId=Ticket #',
      'text=Customer Complaint',
      'channel=Received Via',
    ]
    const maps = columns.flatMap((pair) => ['--map', pair])
    const times = ['--zone', 'America/New_York', '--time-format', 'DD-MM-YYYY h:mm:ss A']
    const { told, exitCode } = await folder.run('complaints', complaints, ...times, ...maps)
    expect(exitCode).toBe(0)
    expect(told).toContain('2224 rows read; 2224 stored')
    const events = ofType(await folder.events(), 'ComplaintReceived')
    expect(events.find(({ data: complaint }) => complaint.complaintId === '250635')).toMatchObject({
      occurredAt: '2015-04-22T19:53:50.000Z',
      data: { channel: 'Customer Care Call' },
    })
    expect(JSON.stringify(events)).not.toContain('Comcast Cable Internet Speeds')
    expect(await folder.unsealed('250635')).toEqual({ text: 'Comcast Cable Internet Speeds' })
  })
})
