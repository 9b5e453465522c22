import { DEFAULT_COMPILE_SETTINGS } from '@postern/control-plane'
import { createHttpEngine } from '@postern/http-engine'
import { makeAuthority, type ManifestObject } from '@postern/testing'
import { diff } from '../../src/diff/diff.ts'
import { toSet } from '../served/compare.ts'
import { startEchoes } from '../served/echo.ts'
import { generatedSet, modelledSets, type ManifestSetCase } from '../served/manifest-sets.ts'
import { Random } from '../served/random.ts'
import { mutate } from './mutate.ts'
import { gridPaths, linearTwin, Oracle, placesThatDiffer, tableOf, type Place } from './oracle.ts'

export interface MutationResult {
  /** Edits that change behaviour by the oracle, and those of them that diff did not report. */
  readonly changing: number
  readonly missed: readonly string[]
  /** Edits that change nothing by requests and by the linear twin, and those of them that diff reported. */
  readonly neutral: number
  readonly falseAlarms: readonly string[]
  /** The twin sees something else, but no request tells: judged by nobody. */
  readonly unclear: readonly string[]
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
  const fallback = { certPem: certificate.certPem, keyPem: certificate.keyPem }
  const engine = createHttpEngine()
  const random = new Random(seed)
  const result = {
    changing: 0,
    missed: [] as string[],
    neutral: 0,
    falseAlarms: [] as string[],
    unclear: [] as string[],
  }
  // Chance and round robin make answers that differ by themselves.
  const modelled = modelledSets(parts).filter(
    ({ name }) => !name.includes('weight') && !name.includes('cookie'),
  )
  try {
    await using oracle = new Oracle(engine, fallback)
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
      const [before, after] = [base, edited].map(({ objects }) =>
        linearTwin(tableOf(objects, fallback), paths),
      )
      const places = placesThatDiffer(before ?? new Map(), after ?? new Map())
      const isChange =
        was.join('\n') !== is.join('\n') || (await differsAt(places, oracle, base.objects, edited.objects))
      if (isChange) {
        result.changing += 1
        if (!sees) result.missed.push(`round ${String(round)}: ${edited.name}`)
      } else if (places.length > 0) result.unclear.push(`round ${String(round)}: ${edited.name}`)
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

const AIMED = 8

/** Chance may miss what a twin has seen: then requests are sent to where it was seen. */
async function differsAt(
  places: readonly Place[],
  oracle: Oracle,
  was: readonly ManifestObject[],
  is: readonly ManifestObject[],
): Promise<boolean> {
  const step = Math.max(1, Math.ceil(places.length / AIMED))
  const some = places.filter((_, index) => index % step === 0)
  const answers = await oracle.aimed(was, some)
  return answers.join('\n') !== (await oracle.aimed(is, some)).join('\n')
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
