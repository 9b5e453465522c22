import { expect, test } from '@jest/globals'
import { runMutations } from './mutation.ts'

test('of 1,000 single edits that change behaviour diff reports 99 %, of the others less than 1 %', async () => {
  const { changing, missed, neutral, falseAlarms, unclear } = await runMutations({
    changing: 1_000,
    requests: 150,
    seed: 11,
  })
  process.stdout.write(
    `${String(changing)} changing, ${String(missed.length)} missed; ${String(neutral)} neutral, ${String(falseAlarms.length)} false alarms; ${String(unclear)} unclear\n${[...missed, ...falseAlarms].join('\n')}\n`,
  )
  expect(changing).toBe(1_000)
  expect(missed.length).toBeLessThanOrEqual(changing / 100)
  expect(neutral).toBeGreaterThan(100)
  expect(falseAlarms.length).toBeLessThan(neutral / 100)
}, 600_000)
