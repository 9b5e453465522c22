import { appendFileSync } from 'node:fs'
import fc, { type IAsyncProperty, type IProperty } from 'fast-check'

/**
 * Checks a property over random input: `runs` times, or for `FUZZ_SECONDS` when that is set. A failure tells the seed and
 * the path of the smallest case; `FUZZ_SEED=…` begins with that seed again. `FUZZ_LOG=file` gets a line of JSON per fuzzer:
 * what ran, how often, how long, from which seed, and whether it found something.
 */
export async function fuzz<Drawn>(
  what: string,
  property: IProperty<Drawn> | IAsyncProperty<Drawn>,
  runs: number,
): Promise<void> {
  const { FUZZ_SECONDS: seconds, FUZZ_SEED: seed, FUZZ_LOG: log } = process.env
  const began = performance.now()
  const details = await fc.check(property, {
    numRuns: seconds === undefined ? runs : Number.MAX_SAFE_INTEGER,
    ...(seconds !== undefined && { interruptAfterTimeLimit: Number(seconds) * 1000 }),
    ...(seed !== undefined && { seed: Number(seed) }),
  })
  if (log !== undefined) {
    const { numRuns, failed, seed: used } = details
    const took = Math.round(performance.now() - began) / 1000
    appendFileSync(log, `${JSON.stringify({ what, runs: numRuns, seconds: took, seed: used, failed })}\n`)
  }
  const report = await fc.asyncDefaultReportMessage(details)
  if (details.failed) throw new Error(`${what}: ${report ?? 'failed'}`, { cause: details.errorInstance })
}
