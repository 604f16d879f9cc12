import { describe, expect, test } from 'vitest'
import { importFolder, ofType } from './import-into-folder.ts'

const heading =
  'id,kind,name,aliases,type,network,services,technology,lon,lat,crs,parent,subscribers,radius_m,azimuth,beam,owner'

describe('the documented inventory', () => {
  test('has coverage by radius, sector or direction alone, and keeps other columns as attributes', async () => {
    const folder = importFolder()
    const file = folder.file(
      'net.csv',
      `${heading}\nB1,aggregation,BSC 1,,BSC,,mobile,,,,,,,,,,\nS1,site,白马花园,Baima Garden|BJHY,BTS,46000,mobile,GSM,113.33,23.13,gcj02,B1,1200,800,,,tower co\nC1,cell,C1,,,46000,mobile,,113.33,23.13,,S1,,900,120,65,\nC2,cell,C2,,,46000,mobile,,113.33,23.13,,S1,,,240,,\n`,
    )
    expect(await folder.run('inventory', file)).toMatchObject({ exitCode: 0 })
    expect((await folder.events()).map(({ data }) => data)).toMatchObject([
      { elementId: 'B1', kind: 'aggregation', services: ['mobile'] },
      {
        elementId: 'S1',
        aliases: ['Baima Garden', 'BJHY'],
        coverage: { kind: 'radius', radiusMeters: 800 },
        location: { original: { crs: 'gcj02' } },
        subscribers: 1200,
        attributes: { owner: 'tower co' },
      },
      {
        elementId: 'C1',
        coverage: { kind: 'sector', azimuthDegrees: 120, beamDegrees: 65, radiusMeters: 900 },
      },
      { elementId: 'C2', attributes: { azimuthDegrees: 240 } },
    ])
  })

  test('refuses by line what is no element, and an element that comes twice', async () => {
    const folder = importFolder()
    const file = folder.file(
      'net.csv',
      'id,kind,name,lon,lat\nS1,site,One,113,23\nS2,tower,Two,113,23\nS1,site,Other,113,23\nS3,site,Three,213,23\nS4,site,Four,,23\n',
    )
    const { exitCode, told } = await folder.run('inventory', file)
    expect(exitCode).toBe(3)
    expect(told).toMatch(/line 3: kind: .*"tower"/)
    expect(told).toContain('line 4: S1 is registered by an earlier row')
    expect(told).toMatch(/line 5: location\.point\.0/)
    expect(told).toMatch(/line 6: location\.point\.0/)
    expect(await folder.events()).toHaveLength(1)
  })

  test('has links of its own, of which none depends on itself', async () => {
    const folder = importFolder()
    const nodes = folder.file('net.csv', 'id,kind,name\nS1,site,One\nU1,power,UPS\n')
    const links = folder.file(
      'links.csv',
      'elementId,dependsOn,relation\nS1,U1,powers\nS1,S1,feeds\nS1,U1,eats\n',
    )
    const { told } = await folder.run('inventory', nodes, '--links', links)
    expect(told).toContain('line 3: S1 cannot depend on itself')
    expect(told).toContain('line 4: relation')
    expect(ofType(await folder.events(), 'ElementLinked').map(({ data }) => data)).toEqual([
      { elementId: 'S1', dependsOn: 'U1', relation: 'powers' },
    ])
  })
})

describe('a later inventory of the same source', () => {
  test('adds differences alone, also where a name goes back to what it was', async () => {
    const folder = importFolder()
    const importNamed = async (name: string, parent: string) =>
      folder.run(
        'inventory',
        folder.file('net.csv', `id,kind,name,parent\nS1,site,${name},${parent}\nS2,site,Two,\n`),
      )
    await importNamed('One', 'B1')
    expect((await importNamed('One', 'B1')).told).toContain('0 stored, 2 known already')
    expect((await importNamed('Uno', '')).told).toContain('1 stored, 1 known already')
    expect((await importNamed('One', 'B1')).told).toContain('1 stored, 1 known already')
    expect((await importNamed('Uno', '')).told).toContain('1 stored, 1 known already')
    expect((await folder.events()).map(({ type, data }) => ({ type, data })).slice(2)).toEqual([
      { type: 'ElementChanged', data: { elementId: 'S1', set: { name: 'Uno' }, unset: ['parent'] } },
      { type: 'ElementChanged', data: { elementId: 'S1', set: { name: 'One', parent: 'B1' } } },
      { type: 'ElementChanged', data: { elementId: 'S1', set: { name: 'Uno' }, unset: ['parent'] } },
    ])
  })

  test('retires what it no longer names where that is asked for, and registers it again when it is back', async () => {
    const folder = importFolder()
    const both = 'id,kind,name\nS1,site,One\nU1,power,UPS\n'
    const links = folder.file('links.csv', 'elementId,dependsOn,relation\nS1,U1,powers\n')
    await folder.run('inventory', folder.file('net.csv', both), '--links', links)
    await folder.run('inventory', folder.file('net.csv', 'id,kind,name\nS1,site,One\n'))
    await folder.run('inventory', folder.file('net.csv', 'id,kind,name\nS1,site,One\n'), '--retire-missing')
    await folder.run('inventory', folder.file('net.csv', both), '--links', links)
    expect((await folder.events()).map(({ type }) => type).slice(3)).toEqual([
      'ElementUnlinked',
      'ElementRetired',
      'ElementRegistered',
      'ElementLinked',
    ])
  })
})
