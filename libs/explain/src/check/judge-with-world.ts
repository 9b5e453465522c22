import type { Diagnostic, Service } from '@postern/control-plane'
import { nameOf } from '../explanation.ts'
import { madeByCertManager } from '../world/made-by-cert-manager.ts'
import { selectorOf, type World } from '../world/read-world.ts'
import { asObject } from '../world/workload.ts'
import type { Checked } from './rule.ts'
import { holdsPath } from './rules/certificates.ts'

/**
 * The compiler's findings, seen by somebody who knows more: in a cluster a Service with a selector has endpoints without
 * anybody writing them, and what a set of files does not hold at all (Secrets are seldom kept beside Ingresses) it
 * cannot be missing.
 */
export function judgeWithWorld(checked: Checked): readonly Diagnostic[] {
  return checked.compiled.diagnostics.flatMap((diagnostic) => {
    const judged = judge(diagnostic, checked)
    return judged === undefined ? [] : [judged]
  })
}

function judge(diagnostic: Diagnostic, checked: Checked): Diagnostic | undefined {
  const { objects } = checked.world
  switch (diagnostic.code) {
    case 'service-missing':
      return objects.services.size === 0 ? undefined : diagnostic
    case 'service-without-endpoints':
      return hasSelector(diagnostic, checked) ? undefined : diagnostic
    case 'service-upstream-without-address':
      return isHeadless(diagnostic, checked) ? diagnostic : undefined
    case 'tls-secret-missing':
      return secretMissing(diagnostic, checked)
    case 'tls-secret-unusable':
      return pathsOnly(diagnostic, checked) ? undefined : diagnostic
    case 'annotation-denies':
      return passwordsElsewhere(diagnostic, checked)
    case 'kustomization-not-applied':
      return isOneOfMany(diagnostic, checked) ? undefined : { ...diagnostic, severity: 'info' }
    case 'file-missing':
      return { ...diagnostic, fix: 'name a file or folder that exists' }
    default:
      return diagnostic
  }
}

/** Bases and variants side by side are files to be looked at: nobody applies them all, as they stand. */
function isOneOfMany({ code }: Diagnostic, { compiled }: Checked): boolean {
  return compiled.diagnostics.filter((other) => other.code === code).length > 1
}

function hasSelector(diagnostic: Diagnostic, { world }: Checked): boolean {
  const service = serviceOf(diagnostic, world)
  return service !== undefined && selectorOf(service) !== undefined
}

/** The cluster gives every Service an address, except where it is told not to. */
function isHeadless(diagnostic: Diagnostic, { world }: Checked): boolean {
  const spec = asObject(serviceOf(diagnostic, world)?.manifest.content['spec'])
  return spec['clusterIP'] === 'None'
}

function serviceOf({ message }: Diagnostic, { objects }: World): Service | undefined {
  return objects.services.get(/^Service (\S+)/.exec(message)?.[1] ?? '')
}

function secretMissing(diagnostic: Diagnostic, { world }: Checked): Diagnostic | undefined {
  const wanted = /Secret ([^\s/]+)\/([^\s;]+)/.exec(diagnostic.message)
  const secrets = [...world.objects.secrets.values()]
  const elsewhere = secrets.find(({ name }) => name === wanted?.[2])
  if (elsewhere !== undefined) {
    return {
      ...diagnostic,
      code: 'secret-elsewhere',
      message: `Secret ${nameOf(elsewhere.ref)} is in another namespace, and an Ingress reads its own only; the fallback certificate is served`,
      fix: `copy the Secret to namespace ${wanted?.[1] ?? ''}`,
    }
  }
  const ingress = world.objects.ingresses.get(
    diagnostic.object === undefined ? '' : nameOf(diagnostic.object),
  )
  if (ingress !== undefined && madeByCertManager(ingress, wanted?.[2] ?? '', world) !== undefined)
    return undefined
  const keepsSecrets = secrets.some(({ type }) => type === 'kubernetes.io/tls')
  return keepsSecrets ? diagnostic : undefined
}

/** Passwords are kept out of files for good reasons: the Secret may well be there where this is applied. */
function passwordsElsewhere(diagnostic: Diagnostic, { world }: Checked): Diagnostic {
  const [, key = ''] = /^there is no Secret ([^\s;]+)/.exec(diagnostic.message) ?? []
  const keepsPasswords = [...world.objects.secrets.values()].some(({ data }) => data.has('auth'))
  if (key === '' || keepsPasswords || diagnostic.field?.includes('/auth-secret"') !== true) return diagnostic
  return {
    ...diagnostic,
    severity: 'info',
    code: 'password-secret-elsewhere',
    message: `Secret ${key} is not among these manifests; while it is missing, all paths of this Ingress answer 503`,
    fix: 'make sure that it is there before this is applied',
  }
}

/** The Secret is named at its own place already. */
function pathsOnly({ message }: Diagnostic, { world }: Checked): boolean {
  return [...world.objects.secrets.values()].some(
    (secret) => message.includes(nameOf(secret.ref)) && holdsPath(secret).length > 0,
  )
}
