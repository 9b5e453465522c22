import { expect, test } from '@jest/globals'
import { combineSamples } from './combine-samples.ts'

test.each([
  ['postern_requests_total', 2, 3, 5],
  ['postern_requests_in_flight', 1, 1, 2],
  ['process_resident_memory_bytes', 100, 50, 150],
  ['postern_tables_total', 7, 7, 7],
  ['postern_certificate_expiration_timestamp_seconds', 1_796_000_000, 1_796_000_000, 1_796_000_000],
  ['postern_table_revision', 4, 3, 3],
  ['process_start_time_seconds', 1795881625, 1795881624, 1795881624],
  ['nodejs_version_info', 1, 1, 1],
  ['nodejs_eventloop_lag_p99_seconds', 0.01, 0.2, 0.2],
  ['nodejs_eventloop_lag_min_seconds', 0.01, 0.2, 0.01],
])('%s of two workers, %d and %d, is %d', (metric, a, b, together) => {
  expect(combineSamples(metric, a, b)).toBe(together)
})
