import { noteAt } from '@postern/control-plane'
import { asObject, asTexts, type Workload } from '../../world/workload.ts'
import type { Rule } from '../rule.ts'

/** Two controllers whose selectors find each other's Pods: each counts the other's as its own. */
export const selectorOverlap: Rule = ({ world }) => {
  const makers = world.workloads.filter(({ ref }) => ref.kind !== 'Pod')
  return makers.flatMap((one, index) =>
    makers.slice(0, index).flatMap((other) => {
      if (one.ref.namespace !== other.ref.namespace || one.ref.name === other.ref.name) return []
      if (!(finds(one, other) && finds(other, one))) return []
      const message = `its selector finds the Pods of ${other.ref.kind} ${other.ref.name} too, and the other way round`
      const note = { code: 'selector-overlap', message, fix: 'add a label that tells the two apart' }
      return [noteAt(one.manifest, one.ref, ['spec', 'selector'], note)]
    }),
  )
}

function finds({ manifest }: Workload, { labels }: Workload): boolean {
  const selector = asObject(asObject(manifest.content['spec'])['selector'])
  const wanted = Object.entries(asTexts(selector['matchLabels']))
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}
