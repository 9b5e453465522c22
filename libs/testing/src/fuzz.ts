import { appendFileSync } from 'node:fs'
import fc, { type IAsyncProperty, type IProperty } from 'fast-check'

/**
 * Checks a property over random input: `runs` times, or again and again for `FUZZ_SECONDS` when that is set. A failure
 * tells the seed and the path of the smallest case; `FUZZ_SEED=…` begins with that seed again. `FUZZ_LOG=file` gets a line
 * of JSON per fuzzer: what ran, how often, how long, from which seed, and whether it found something.
 */
export async function fuzz<Drawn>(
  what: string,
  property: IProperty<Drawn> | IAsyncProperty<Drawn>,
  runs: number,
): Promise<void> {
  const { FUZZ_SECONDS: seconds, FUZZ_SEED, FUZZ_LOG: log } = process.env
  const seed = FUZZ_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(FUZZ_SEED)
  const began = performance.now()
  const took = (): number => (performance.now() - began) / 1000
  let ran = 0
  // Rounds that end by themselves: fast-check's own time limit leaves the last run of an asynchronous property hanging.
  for (let round = 0; ; round++) {
    const details = await fc.check(property, { numRuns: runs, seed: seed + round })
    ran += details.numRuns
    const { failed } = details
    if (!failed && took() < Number(seconds ?? 0)) continue
    if (log !== undefined) {
      const line = { what, runs: ran, seconds: Math.round(took() * 10) / 10, seed, rounds: round + 1, failed }
      appendFileSync(log, `${JSON.stringify(line)}\n`)
    }
    if (!failed) return
    const report = await fc.asyncDefaultReportMessage(details)
    throw new Error(`${what}: ${report ?? 'failed'}`, { cause: details.errorInstance })
  }
}
