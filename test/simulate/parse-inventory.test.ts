import { describe, expect, it } from 'vitest'
import { demoCity } from '../../src/simulate/demo-city.ts'
import { parseInventory } from '../../src/simulate/parse-inventory.ts'
import { simInventory } from '../../src/simulate/sim-inventory.ts'

const heading = 'plmn,enb,local_cell,eci,site_name,town,postcode,lat,lon,azimuth,pci,earfcn'

describe('an inventory to simulate over', () => {
  it('is read from a list of cells: sites under a core and what stands between', () => {
    const rows = [
      '23410,1,110,1,Mill Lane,,,50.99,-0.14,90,1,6400',
      '23410,1,120,2,Mill Lane,,,50.99,-0.14,210,1,6400',
      '23430,7,0,3,,,,50.98,-0.13,,1,6400',
    ]
    const { sites } = simInventory(parseInventory([heading, ...rows].join('\n'), 0))
    expect(sites.map(({ id, network, cells }) => [id, network, cells.length])).toEqual([
      ['23410-1', '23410', 2],
      ['23430-7', '23430', 1],
    ])
    expect(
      sites.every(({ aggregationId, powerId }) => aggregationId !== undefined && powerId !== undefined),
    ).toBe(true)
  })

  it('is read from events, and one that is complete comes back as it was', () => {
    const { inventory } = demoCity('4')
    const text = inventory.map((event) => JSON.stringify(event)).join('\n')
    expect(parseInventory(text, 0).map(({ data }) => data)).toEqual(inventory.map(({ data }) => data))
  })

  it('is refused by line where a line is wrong, and whole where nothing has a position', () => {
    expect(() => parseInventory('{"type":"ElementRegistered","data":{"elementId":"a"}}', 0)).toThrow(
      /^line 1: /,
    )
    expect(() => parseInventory('{"type":\n', 0)).toThrow('line 1: is not JSON')
    expect(() => parseInventory(`${heading}\n23410,1,110,1,X,,,91.5,0,,1,1`, 0)).toThrow(/^row 1: /)
    expect(() => simInventory(parseInventory('{"type":"NoteAdded","data":{}}', 0))).toThrow(
      /no site with a position/,
    )
  })
})
