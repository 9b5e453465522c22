import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Goal, Scenario } from '../scenarios/scenario.ts'
import { measure, type MeasureOptions } from './measure.ts'
import { ratio } from './report.ts'

const TOLERATED = 0.8
/** As on the pages: what is compiled while it runs looks dearer in shorter ones. */
const SECONDS = 3
const ROUNDS = 5
/** Further looks are longer: they decide. A gateway that has grown dearer is so in all of them, a machine that was disturbed is not. */
const ROUNDS_TO_CONFIRM = 7
const LOOKS_TO_CONFIRM = 2

/** What a ratio is guarded against: what JavaScript peers cost differs by a fifth between runs of few and of many targets. */
const STEADY = /^nginx/

type Options = Omit<MeasureOptions, 'targets'>

/**
 * Compares ratios, which hold across machines, with those of the kept pages. A ratio that is more than a fifth under its
 * page is measured twice more before it counts. Gives the exit code: 1 also when something could not be measured.
 */
export async function guard(
  scenarios: readonly Scenario[],
  results: string,
  options: Options,
): Promise<number> {
  let code = 0
  for (const scenario of scenarios) {
    const goals = scenario.goals.filter(({ than }) => STEADY.test(than))
    const kept = keptRatios(join(results, `${scenario.name}.md`), goals)
    let worse = await under(scenario, kept, { ...options, rounds: ROUNDS })
    for (let look = 0; worse.length > 0 && look < LOOKS_TO_CONFIRM; look++) {
      options.say(`${scenario.name}: measuring again`)
      worse = await under(scenario, worse, { ...options, rounds: ROUNDS_TO_CONFIRM })
    }
    if (worse.length > 0) code = 1
  }
  return code
}

interface Kept {
  readonly goal: Goal
  readonly ratio: number
}

/** Those of the kept ratios that are not reached, all measured in one run. */
async function under(scenario: Scenario, kept: readonly Kept[], options: Options): Promise<readonly Kept[]> {
  const targets = [...new Set(kept.flatMap(({ goal }) => [goal.than, goal.target]))]
  if (targets.length === 0) return []
  const measured = await measure(scenario, { ...options, targets, seconds: SECONDS })
  return kept.filter(({ goal, ratio: before }) => {
    const now = ratio(goal.target, goal.than, measured)
    const isWorse = now === undefined || now < before * TOLERATED
    const found = now === undefined ? 'could not be measured' : `is ${now.toFixed(2)}×`
    options.say(
      `${scenario.name}: ${goal.target} ${found} ${goal.than}, kept page ${before.toFixed(2)}×${isWorse ? ': WORSE' : ''}`,
    )
    return isWorse
  })
}

function keptRatios(file: string, goals: readonly Goal[]): readonly Kept[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return goals.flatMap((goal) => {
    const start = `- ${goal.target} against ${goal.than}: **`
    const line = lines.find((text) => text.startsWith(start))
    return line === undefined ? [] : [{ goal, ratio: parseFloat(line.slice(start.length)) }]
  })
}
