import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cosOfDegrees, metersPerDegree, squaredDegrees } from '../../../src/correlate/clusters/ground.ts'

const lat = fc.double({ min: -70, max: 70, noNaN: true })
const lon = fc.double({ min: -179, max: 179, noNaN: true })
const step = fc.double({ min: -0.05, max: 0.05, noNaN: true })

function meters(a: readonly [number, number], b: readonly [number, number]): number {
  return (
    Math.sqrt(squaredDegrees(b[1] - a[1], b[0] - a[0], cosOfDegrees(a[1]), cosOfDegrees(b[1]))) *
    metersPerDegree
  )
}

function greatCircleMeters(
  [lon1, lat1]: readonly [number, number],
  [lon2, lat2]: readonly [number, number],
): number {
  const sine = (degrees: number) => Math.sin((degrees / 2) * (Math.PI / 180)) ** 2
  const half = sine(lat2 - lat1) + cosOfDegrees(lat1) * cosOfDegrees(lat2) * sine(lon2 - lon1)
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(half))
}

test('distances up to 10 km are within a millionth of the great circle, and the same both ways', () => {
  fc.assert(
    fc.property(lon, lat, step, step, (lonA, latA, lonStep, latStep) => {
      const [a, b] = [[lonA, latA] as const, [lonA + lonStep, latA + latStep] as const]
      expect(meters(a, b)).toBe(meters(b, a))
      expect(Math.abs(meters(a, b) - greatCircleMeters(a, b))).toBeLessThan(
        0.01 + 1e-6 * greatCircleMeters(a, b),
      )
    }),
    { seed: 17, numRuns: 500 },
  )
})
