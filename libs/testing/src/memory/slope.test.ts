import { expect, test } from '@jest/globals'
import { slopeOf } from './slope.ts'

const line = (slope: number) => Array.from({ length: 20 }, (_, atS) => ({ atS, value: 100 + slope * atS }))

test('a leak shows as its rate', () => {
  expect(slopeOf(line(3))).toBeCloseTo(3)
})

test('noise and a few outliers do not', () => {
  const points = line(0).map(({ atS, value }) => ({ atS, value: value + (atS % 2 === 0 ? 5 : -5) }))
  expect(Math.abs(slopeOf(points))).toBeLessThan(0.5)
  expect(
    slopeOf(line(3).map((point) => (point.atS % 7 === 6 ? { ...point, value: 10_000 } : point))),
  ).toBeCloseTo(3)
})

test('no points have no slope', () => {
  expect(slopeOf([])).toBe(0)
})
