import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Goal, Scenario } from '../scenarios/scenario.ts'
import { measure, type MeasureOptions } from './measure.ts'
import { ratio } from './report.ts'

const TOLERATED = 0.8

/**
 * Compares ratios, which hold across machines, with those of the kept pages. A ratio that is more than a fifth under its
 * page is measured once more before it counts. Gives the exit code.
 */
export async function guard(
  scenarios: readonly Scenario[],
  results: string,
  options: Omit<MeasureOptions, 'targets'>,
): Promise<number> {
  let code = 0
  for (const scenario of scenarios) {
    for (const goal of scenario.goals) {
      const kept = keptRatio(join(results, `${scenario.name}.md`), goal)
      if (kept === undefined) continue
      const isWorse =
        (await isUnder(scenario, goal, kept, options)) && (await isUnder(scenario, goal, kept, options))
      if (isWorse) code = 1
    }
  }
  return code
}

async function isUnder(
  scenario: Scenario,
  goal: Goal,
  kept: number,
  options: Omit<MeasureOptions, 'targets'>,
): Promise<boolean> {
  const targets = [goal.than, goal.target]
  const measured = await measure(scenario, {
    ...options,
    targets,
    rounds: Math.min(options.rounds, 3),
    seconds: 2,
  })
  const now = ratio(goal.target, goal.than, measured)
  if (now === undefined) return false
  const isWorse = now < kept * TOLERATED
  options.say(
    `${scenario.name}: ${goal.target} is ${now.toFixed(2)}× ${goal.than}, kept page ${kept.toFixed(2)}×${isWorse ? ': worse' : ''}`,
  )
  return isWorse
}

function keptRatio(file: string, { target, than }: Goal): number | undefined {
  if (!existsSync(file)) return undefined
  const start = `- ${target} against ${than}: **`
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(start))
  return line === undefined ? undefined : parseFloat(line.slice(start.length))
}
