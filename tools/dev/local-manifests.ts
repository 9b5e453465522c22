// What only this machine can know, as manifests beside ingress/: where the processes listen, and the TLS Secrets.
import { parseAllDocuments, stringify } from 'yaml'
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { MadeCertificate } from '../../certs/make-certificates.ts'
import type { AppPlan } from './plan-apps.ts'
import { StartError } from './wait-until-ready.ts'

interface ServicePort {
  readonly name?: string
  readonly port: number
}

/**
 * Writes EndpointSlices for the Services in `servicesFolder` whose endpoints `apps` are, and one Secret per certificate.
 * They stand here and not in ingress/ because an API server refuses loopback addresses in an EndpointSlice.
 */
export async function writeLocalManifests(options: {
  readonly folder: string
  readonly servicesFolder: string
  readonly apps: readonly AppPlan[]
  readonly certificates: readonly MadeCertificate[]
}): Promise<void> {
  const { folder, apps, certificates } = options
  const services = await readServices(options.servicesFolder)
  const slices = apps.flatMap((app) => app.services.map((id) => endpointSlice(app, id, services)))
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o700)
  await writeDocuments(join(folder, 'endpoint-slices.yaml'), slices)
  await writeTlsSecrets(folder, certificates)
}

/** One Secret per certificate, in place of those written before. */
export function writeTlsSecrets(folder: string, certificates: readonly MadeCertificate[]): Promise<void> {
  return writeDocuments(join(folder, 'tls-secrets.yaml'), certificates.map(tlsSecret))
}

function endpointSlice(
  app: AppPlan,
  id: string,
  services: ReadonlyMap<string, readonly ServicePort[]>,
): object {
  const ports = services.get(id)
  if (ports === undefined) throw new StartError(`${app.name}: no Service ${id} found in deploy/base`)
  const [namespace = 'default', service = ''] = id.split('/')
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${service}-${app.name}`,
      namespace,
      labels: { 'kubernetes.io/service-name': service },
    },
    addressType: isIPv6(app.address.host) ? 'IPv6' : 'IPv4',
    endpoints: [
      {
        addresses: [app.address.host],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', name: app.name, namespace },
      },
    ],
    // One process has one port here; a Service with several ports leads each of them to it.
    ports: ports.map(({ name }) => ({
      ...(name === undefined ? {} : { name }),
      port: app.address.port,
      protocol: 'TCP',
    })),
  }
}

function tlsSecret({ namespace, secretName, cert, key }: MadeCertificate): object {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: secretName, namespace },
    data: { 'tls.crt': base64(cert), 'tls.key': base64(key) },
  }
}

async function readServices(folder: string): Promise<ReadonlyMap<string, readonly ServicePort[]>> {
  const services = new Map<string, readonly ServicePort[]>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue
    for (const document of parseAllDocuments(await readFile(join(entry.parentPath, entry.name), 'utf8'))) {
      const object = document.toJS() as ServiceLike | null
      if (object?.kind !== 'Service') continue
      services.set(
        `${object.metadata.namespace ?? 'default'}/${object.metadata.name}`,
        object.spec?.ports ?? [],
      )
    }
  }
  return services
}

interface ServiceLike {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: { readonly ports?: readonly ServicePort[] }
}

async function writeDocuments(file: string, objects: readonly object[]): Promise<void> {
  const text = objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n')
  const temporary = `${file}.${process.pid}.tmp` // its ending keeps the watching gateway from reading half a file
  await writeFile(temporary, `# Written by npm start.\n${text}`, { mode: 0o600 })
  await rename(temporary, file)
}
