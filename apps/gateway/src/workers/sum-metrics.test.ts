import { expect, test } from '@jest/globals'
import { sumMetrics } from './sum-metrics.ts'

test('samples of the same name and labels are added, others kept beside their kin', () => {
  const a = '# HELP x X.\n# TYPE x counter\nx{r="1"} 2\n# TYPE y gauge\ny 1.5\n'
  const b = '# HELP x X.\n# TYPE x counter\nx{r="2"} 5\nx{r="1"} 3\n# TYPE y gauge\ny 1\n'
  expect(sumMetrics([a, b])).toBe(
    '# HELP x X.\n# TYPE x counter\nx{r="1"} 5\nx{r="2"} 5\n# TYPE y gauge\ny 2.5\n',
  )
})
