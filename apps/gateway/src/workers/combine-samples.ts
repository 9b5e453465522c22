/**
 * What two workers' samples of one metric are together. Most count something each worker has of its own, and add up;
 * what all of them have alike must not become twice itself.
 */
export function combineSamples(metric: string, a: number, b: number): number {
  if (SAME_FOR_ALL.has(metric)) return Math.max(a, b)
  if (SMALLEST.has(metric)) return Math.min(a, b)
  if (metric.startsWith('nodejs_eventloop_lag_')) return Math.max(a, b) // the worst of them is what a client meets
  return a + b
}

// Every worker takes every table into use, with its certificates; a version is 1 by convention.
const SAME_FOR_ALL: ReadonlySet<string> = new Set([
  'postern_tables_total',
  'postern_certificate_expiration_timestamp_seconds',
  'nodejs_version_info',
])

// The revision that is in use everywhere; the start of the first.
const SMALLEST: ReadonlySet<string> = new Set([
  'postern_table_revision',
  'process_start_time_seconds',
  'nodejs_eventloop_lag_min_seconds',
])
