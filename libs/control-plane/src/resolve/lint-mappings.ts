import { didYouMean } from '../did-you-mean.ts'
import type { ServiceMapping } from '../settings.ts'
import type { Joining } from './joining.ts'

/** Reports each `--map` that tells of a Service that nobody has and nobody asks for: mostly a slip of the hand. */
export function lintMappings({ settings, objects, backends, diagnostics }: Joining): void {
  const unknown = settings.serviceMappings.filter(
    ({ namespace, service }) => !objects.services.has(`${namespace}/${service}`),
  )
  if (unknown.length === 0) return
  const referred = backends.all().map(({ id }) => id)
  const services = [...objects.services.keys()]
  for (const { namespace, service, port } of unknown) {
    const name = `${namespace}/${service}`
    if (referred.some((id) => id.startsWith(`${name}/`))) continue
    diagnostics.push({
      severity: 'warning',
      code: 'map-without-service',
      message: `--map ${name}${port === undefined ? '' : `:${port}`}: there is no Service ${name} among the manifests, and nothing that is served refers to one, so it does nothing`,
      fix: fixOf({ namespace, service }, services),
    })
  }
}

function fixOf(
  { namespace, service }: Pick<ServiceMapping, 'namespace' | 'service'>,
  services: readonly string[],
): string {
  const twin = services.find((name) => name.endsWith(`/${service}`))
  const near = twin ?? didYouMean(`${namespace}/${service}`, services)
  return near === undefined ? 'name a Service as NAMESPACE/SERVICE, or leave it out' : `did you mean ${near}?`
}
