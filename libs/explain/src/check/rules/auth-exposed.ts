import { noteAt } from '@postern/control-plane'
import type { Rule } from '../rule.ts'

const AUTH = /(?:^|-)auth(?:-|$)/
const GUARDS = [
  'auth-url',
  'auth-type',
  'auth-tls-secret',
  'whitelist-source-range',
  'allowlist-source-range',
]

/** The service that issues and verifies tokens, open to the world with all its paths. */
export const authExposed: Rule = ({ world }) =>
  [...world.objects.ingresses.values()].flatMap((ingress) => {
    const guarded = GUARDS.some((key) => ingress.annotations.has(`nginx.ingress.kubernetes.io/${key}`))
    if (guarded) return []
    return ingress.rules.flatMap(({ paths = [] }) =>
      paths.flatMap(({ path, backend, field }) => {
        // A single page such as /login is meant for people; a whole tree gives them the inner paths as well.
        if (
          backend.kind !== 'service' ||
          !AUTH.test(backend.service) ||
          !/^\/(?:auth)?\/?(?:$|[(.*])/.test(path)
        )
          return []
        const message = `every path of ${backend.service} is open to everybody, also those that only services should ask`
        const fix = 'name the paths that people need, or guard it with allowlist-source-range or auth-url'
        const note = { severity: 'warning', code: 'auth-exposed', message, fix } as const
        return [noteAt(ingress.manifest, ingress.ref, [...field, 'path'], note)]
      }),
    )
  })
