import { expect, test } from '@jest/globals'
import { byStatus, histogram } from './exposition.ts'
import { Series, SeriesSet } from './series.ts'

test('a time is counted in the first bucket that holds it, and text adds them up', () => {
  const series = new Series('a="1"')
  for (const ms of [0, 1, 1.1, 10_000, 10_001]) series.time(ms)
  const lines = histogram('x', 'X.', [series])
  expect(lines).toContain('x_bucket{a="1",le="0.001"} 2')
  expect(lines).toContain('x_bucket{a="1",le="0.0025"} 3')
  expect(lines).toContain('x_bucket{a="1",le="10"} 4')
  expect(lines).toContain('x_bucket{a="1",le="+Inf"} 5')
  expect(lines).toContain('x_count{a="1"} 5')
})

test('statuses are counted side by side', () => {
  const series = new Series('a="1"')
  for (const status of [200, 404, 200, 0]) series.count(status)
  expect(byStatus([series])).toEqual([
    ['{a="1",status="200"}', 2],
    ['{a="1",status="404"}', 1],
    ['{a="1",status="none"}', 1],
  ])
})

test('there are only so many series: what comes later is counted together, until one is dropped', () => {
  const set = new SeriesSet(2, 'name="other"')
  for (const name of ['a', 'b', 'c', 'd']) (set.find(name) ?? set.make(name, `name="${name}"`)).count(200)
  expect(set.all().map(({ labels, byStatus: counts }) => [labels, ...counts])).toEqual([
    ['name="a"', 1],
    ['name="b"', 1],
    ['name="other"', 2],
  ])
  set.drop('a')
  expect(set.make('c', 'name="c"').labels).toBe('name="c"')
})
