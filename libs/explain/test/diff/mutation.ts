import { DEFAULT_COMPILE_SETTINGS } from '@postern/control-plane'
import { createHttpEngine } from '@postern/http-engine'
import { makeAuthority } from '@postern/testing'
import { diff } from '../../src/diff/diff.ts'
import { toSet } from '../served/compare.ts'
import { startEchoes } from '../served/echo.ts'
import { generatedSet, modelledSets, type ManifestSetCase } from '../served/manifest-sets.ts'
import { Random } from '../served/random.ts'
import { mutate } from './mutate.ts'
import { gridPaths, linearTwin, Oracle, tableOf } from './oracle.ts'

export interface MutationResult {
  /** Edits that change behaviour by the oracle, and those of them that diff did not report. */
  readonly changing: number
  readonly missed: readonly string[]
  /** Edits that change nothing by requests and by the linear twin, and those of them that diff reported. */
  readonly neutral: number
  readonly falseAlarms: readonly string[]
  /** The twin sees another rule, but no request of the sample tells: judged by nobody. */
  readonly unclear: number
}

export interface MutationOptions {
  readonly changing: number
  readonly requests: number
  readonly seed: number
}

/** Edits manifests until enough edits changed something, and holds diff against the oracle each time. */
export async function runMutations({ changing, requests, seed }: MutationOptions): Promise<MutationResult> {
  await using echoes = await startEchoes(6)
  const certificate = await (await makeAuthority()).issue('a.example')
  const parts = { endpoints: echoes.endpoints, certificate }
  const engine = createHttpEngine()
  const random = new Random(seed)
  const result = { changing: 0, missed: [] as string[], neutral: 0, falseAlarms: [] as string[], unclear: 0 }
  // Chance and round robin make answers that differ by themselves.
  const modelled = modelledSets(parts).filter(
    ({ name }) => !name.includes('weight') && !name.includes('cookie'),
  )
  try {
    await using oracle = new Oracle(engine)
    await oracle.start()
    for (let round = 0; result.changing < changing && round < changing * 6; round++) {
      const base = withOneEndpoint(
        random.chance(0.5) ? random.pick(modelled) : generatedSet(random.below(10_000), parts),
      )
      const mutation = mutate(base.objects, random)
      if (mutation === undefined) continue
      const edited = { name: `${base.name}, ${mutation.what}`, objects: mutation.objects }
      const [was, is] = [
        await oracle.live(base.objects, round, requests),
        await oracle.live(edited.objects, round, requests),
      ]
      const sees = (await diff(toSet(base), toSet(edited), DEFAULT_COMPILE_SETTINGS)).changed > 0
      const paths = gridPaths(base.objects, edited.objects)
      const twinSees = linearTwin(tableOf(base.objects), paths) !== linearTwin(tableOf(edited.objects), paths)
      if (was.join('\n') !== is.join('\n')) {
        result.changing += 1
        if (!sees) result.missed.push(`round ${String(round)}: ${edited.name}`)
      } else if (twinSees) result.unclear += 1
      else {
        result.neutral += 1
        if (sees) result.falseAlarms.push(`round ${String(round)}: ${edited.name}`)
      }
    }
  } finally {
    await engine.close()
  }
  return result
}

// One endpoint each: then an answer tells the Service, and asking twice gives the same.
function withOneEndpoint({ name, objects }: ManifestSetCase): ManifestSetCase {
  const seen = new Set<string>()
  const kept = objects.filter((object) => {
    if (object['kind'] !== 'EndpointSlice') return true
    const { labels } = object['metadata'] as { labels: Record<string, string> }
    const service = labels['kubernetes.io/service-name'] ?? ''
    if (seen.has(service)) return false
    seen.add(service)
    return true
  })
  return { name, objects: kept }
}
