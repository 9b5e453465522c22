import { certificateOf, coversHost, type Ingress } from '@postern/control-plane'
import { nameOf, placeOf, type Detail, type Stage } from '../explanation.ts'
import type { Subject } from '../subject.ts'
import { madeByCertManager } from '../world/made-by-cert-manager.ts'
import type { World } from '../world/read-world.ts'

/** Server name → Secret → certificate, or why the fallback certificate is shown. */
export function tlsStage(serverName: string, subject: Subject): Stage {
  const identity = subject.tls.select(serverName)
  const certificate = identity?.certificate
  const own = certificate !== undefined && certificate.origin.kind !== 'Default'
  const asked = sectionsFor(serverName, subject)
  if (own && certificate !== undefined) {
    const { origin, names, notAfter } = certificate
    const isDefault = certificate.id === subject.compiled.table.fallbackCertificate && asked.length === 0
    return {
      stage: 'tls',
      decision: `server name ${serverName} → Secret ${nameOf(origin)}${isDefault ? ' (the default certificate)' : ''}`,
      details: [
        {
          mark: 'won',
          text: `for ${names.join(', ')}; valid until ${notAfter.slice(0, 10)}`,
          ...placeOf(origin),
        },
        ...(identity?.clientAuth === undefined
          ? []
          : [
              {
                mark: 'note' as const,
                text: `the client is asked for a certificate (${identity.clientAuth.mode})`,
              },
            ]),
      ],
    }
  }
  const details = asked.length > 0 ? asked : [{ mark: 'note' as const, text: noSection(serverName) }]
  return { stage: 'tls', decision: `server name ${serverName} → fallback certificate`, details }
}

function noSection(host: string): string {
  return `no tls section names ${host}: add one with a secretName to an Ingress of this host`
}

/** Every tls section that names a host, and why its Secret is not used. */
export function sectionsFor(host: string, { world, compiled }: Subject): readonly Detail[] {
  const served = new Set(compiled.provenance.ingresses.filter((v) => v.served).map((v) => nameOf(v.ingress)))
  return [...world.objects.ingresses.values()].flatMap((ingress) =>
    ingress.tls.flatMap(({ hosts, secretName, field }) => {
      if (!hosts.some((name) => name === host || coversName(name, host))) return []
      const place = placeOf({ ...ingress.ref, ...ingress.manifest.at?.([...field, 'secretName']) })
      const whose = served.has(nameOf(ingress.ref)) ? '' : ` (Ingress ${nameOf(ingress.ref)} is not served)`
      const text = whyNotUsed(host, ingress, secretName, world)
      return [{ mark: text.good ? ('note' as const) : ('lost' as const), text: text.why + whose, ...place }]
    }),
  )
}

function whyNotUsed(
  host: string,
  ingress: Ingress,
  secretName: string | undefined,
  world: World,
): { readonly good: boolean; readonly why: string } {
  const { namespace } = ingress
  const { secrets } = world.objects
  if (secretName === undefined) return { good: false, why: 'the section names no Secret: write secretName' }
  if (secretName.includes('/')) {
    const own = secretName.slice(secretName.indexOf('/') + 1)
    const why = `${secretName} is no name of a Secret, and an Ingress reads its own namespace only: copy it to ${namespace} and write secretName: ${own}`
    return { good: false, why }
  }
  const secret = secrets.get(`${namespace}/${secretName}`)
  if (secret === undefined) {
    return { good: false, why: whyMissing(ingress, secretName, world) }
  }
  const reading = certificateOf(secret)
  if ('problem' in reading) return { good: false, why: `${reading.problem}: ${reading.fix}` }
  if (!coversHost(reading.certificate, host)) {
    const names = reading.certificate.names.join(', ')
    return {
      good: false,
      why: `the certificate of Secret ${secretName} is for ${names}: use one that names ${host}`,
    }
  }
  return { good: true, why: `Secret ${namespace}/${secretName} fits` }
}

function whyMissing(ingress: Ingress, secretName: string, world: World): string {
  const { namespace } = ingress
  const elsewhere = [...world.objects.secrets.values()].find((other) => other.name === secretName)
  if (elsewhere !== undefined)
    return `Secret ${secretName} is in namespace ${elsewhere.namespace}, and an Ingress reads its own namespace only: copy it to ${namespace}`
  const maker = madeByCertManager(ingress, secretName, world)
  const make = `kubectl create secret tls ${secretName} -n ${namespace} --cert … --key …`
  return maker === undefined
    ? `there is no Secret ${namespace}/${secretName}: ${make}`
    : `Secret ${namespace}/${secretName} is not here, since cert-manager makes it in the cluster (${maker}); to have one here, ${make}`
}

function coversName(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') && host.slice(host.indexOf('.')) === pattern.slice(1)
}
