import { noteAt } from '@postern/control-plane'
import { rewriteLoss } from '../../rewrite-loss.ts'
import type { Rule } from '../rule.ts'

const KEY = 'nginx.ingress.kubernetes.io/rewrite-target'

/**
 * A rewrite after which the upstream gets less of the path than the client asked for. That a group is missing is found by the
 * compiler (`rewrite-without-group`), which tells it to whoever serves too.
 */
export const rewriteLosesPath: Rule = ({ world }) =>
  [...world.objects.ingresses.values()].flatMap((ingress) => {
    const target = ingress.annotations.get(KEY)
    const paths = ingress.rules.flatMap(({ paths: own }) => own ?? [])
    if (target === undefined || target === '') return []
    return paths.flatMap(({ path, type, field }) => {
      const loss = rewriteLoss(path, target)
      // Nothing follows an exact path, so nothing is lost.
      if (loss?.code !== 'rewrite-drops-path' || type === 'Exact') return []
      return [
        noteAt(ingress.manifest, ingress.ref, [...field, 'path'], {
          severity: 'warning',
          code: 'rewrite-drops-path',
          message: loss.message,
          fix: loss.fix,
        }),
      ]
    })
  })
