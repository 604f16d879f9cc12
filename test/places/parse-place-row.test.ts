import { describe, expect, it } from 'vitest'
import { parsePlaceRow, placeIdOf } from '../../src/places/parse-place-row.ts'

describe('a gazetteer row', () => {
  it('becomes a place', () => {
    const row = {
      name: ' 天河直街 ',
      lon: '113.33',
      lat: '23.13',
      kind: 'street',
      aliases: 'Tianhe Straight Street| 直街 ;直街',
    }
    expect(parsePlaceRow(row)).toEqual({
      ok: {
        name: '天河直街',
        kind: 'street',
        point: [113.33, 23.13],
        aliases: ['Tianhe Straight Street', '直街'],
      },
    })
  })

  it('needs neither kind nor aliases', () => {
    const parsed = parsePlaceRow({ name: 'Dyke Road', lon: '-0.15', lat: '50.84' })
    expect(parsed).toEqual({ ok: { name: 'Dyke Road', kind: 'place', point: [-0.15, 50.84] } })
  })

  it.each([
    ['no name', { lon: '1', lat: '1' }, 'name is empty'],
    ['a longitude out of range', { name: 'x', lon: '181', lat: '1' }, 'lon is no longitude: "181"'],
    ['a latitude left out', { name: 'x', lon: '1', lat: '' }, 'lat is no latitude: (empty)'],
    ['words for a number', { name: 'x', lon: 'NaN', lat: '1' }, 'lon is no longitude: "NaN"'],
    ['hexadecimal', { name: 'x', lon: '0x10', lat: '1' }, 'lon is no longitude: "0x10"'],
    ['a decimal comma', { name: 'x', lon: '1,5', lat: '1' }, 'lon is no longitude: "1,5"'],
    [
      'a name without end',
      { name: 'x'.repeat(999), lon: '1', lat: '1' },
      'name is longer than 80 characters',
    ],
  ])('is refused with %s', (_what, row, reason) => {
    expect(parsePlaceRow(row)).toEqual({ refused: reason })
  })

  it('has the same id when read again', () => {
    const place = { name: '天河直街', point: [113.33, 23.13] } as const
    expect(placeIdOf(place)).toBe('place:天河直街@113.33000,23.13000')
  })
})
