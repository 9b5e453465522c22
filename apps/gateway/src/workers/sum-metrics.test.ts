import { expect, test } from '@jest/globals'
import { sumMetrics } from './sum-metrics.ts'

test('samples of the same name and labels are added, others kept beside their kin', () => {
  const a = '# HELP x X.\n# TYPE x counter\nx{r="1"} 2\n# TYPE y gauge\ny 1.5\n'
  const b = '# HELP x X.\n# TYPE x counter\nx{r="2"} 5\nx{r="1"} 3\n# TYPE y gauge\ny 1\n'
  expect(sumMetrics([a, b])).toBe(
    '# HELP x X.\n# TYPE x counter\nx{r="1"} 5\nx{r="2"} 5\n# TYPE y gauge\ny 2.5\n',
  )
})

test('a histogram that only a later worker has samples of stands in its own block', () => {
  const header = '# HELP d D.\n# TYPE d histogram\n'
  const samples = 'd_bucket{le="1"} 0\nd_bucket{le="+Inf"} 1\nd_sum 2.5\nd_count 1\n'
  const next = '# HELP y Y.\n# TYPE y gauge\ny 1\n'
  expect(sumMetrics([header + next, header + samples + next])).toBe(
    header + samples + next.replace('y 1', 'y 2'),
  )
})

test('a metric that only a later worker has comes with its HELP and TYPE', () => {
  expect(
    sumMetrics(['# TYPE x counter\nx 1\n', '# TYPE x counter\nx 1\n# HELP z Z.\n# TYPE z gauge\nz 4\n']),
  ).toBe('# TYPE x counter\nx 2\n# HELP z Z.\n# TYPE z gauge\nz 4\n')
})
