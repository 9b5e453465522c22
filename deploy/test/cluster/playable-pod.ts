// What the kubelet adds to a Pod and what podman 4.3 cannot take: a Pod template becomes a Pod that `kube play` runs.
import { namespaceOf, type Container, type Volume, type Workload } from '../kube-object.ts'
import { dnsConfigOf } from './dns-names.ts'
import { hasAddress, type PlacedService } from './placed-service.ts'

/** Content of Secrets by name: key → text. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>

export interface PlayOptions {
  readonly name: string
  readonly services: readonly PlacedService[]
  readonly secrets: Secrets
  /** Folders of this machine in place of ConfigMaps and Secrets, by name, for those that change while they are mounted. */
  readonly folders: Readonly<Record<string, string>>
}

/** The documents to play: the Pod, and its Secrets as ConfigMaps, because podman 4.3 crashes on Secret volumes. */
export function playablePod(
  { namespace, labels, pod, containers }: Workload,
  { name, services, secrets, folders }: PlayOptions,
): readonly object[] {
  const volumes = (pod.volumes ?? []).map((volume) => playableVolume(volume, name, folders))
  const rename = new Map(
    (pod.volumes ?? []).map((volume, at) => [volume.name, volumes[at]?.name ?? volume.name]),
  )
  const used = (pod.volumes ?? [])
    .flatMap(({ secret }) => secret?.secretName ?? [])
    .filter((one) => folders[one] === undefined)
  const configMaps = used.map((secretName) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: secretMap(secretName) },
    data: secrets[secretName] ?? missing(`Secret ${secretName} of ${name}`),
  }))
  const spec = {
    // Not Always: what a preStop hook ends must stay ended, and podman does not know that the Pod was told to go.
    restartPolicy: 'OnFailure',
    securityContext: pod.securityContext,
    dnsPolicy: 'None',
    dnsConfig: dnsConfigOf(namespace),
    volumes,
    containers: containers.map((container) =>
      playableContainer(container, {
        rename,
        injected: injectedVariables(services, namespace, pod.enableServiceLinks),
        secrets,
      }),
    ),
  }
  return [...configMaps, { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec }]
}

const secretMap = (secretName: string): string => `secret-${secretName}`

// podman names the volume of an emptyDir after it: two Pods would share one.
function playableVolume(
  { name, configMap, secret }: Volume,
  pod: string,
  folders: Readonly<Record<string, string>>,
): { readonly name: string } {
  const own = `${pod}-${name}`
  const folder = folders[configMap?.name ?? secret?.secretName ?? '']
  if (folder !== undefined)
    return { name: own, hostPath: { path: folder, type: 'Directory' } } as { readonly name: string }
  if (configMap !== undefined) return { name: own, configMap } as { readonly name: string }
  if (secret !== undefined)
    return {
      name: own,
      configMap: { ...secret, name: secretMap(secret.secretName), secretName: undefined },
    } as { readonly name: string }
  return { name: own, emptyDir: {} } as { readonly name: string }
}

interface ContainerOptions {
  readonly rename: ReadonlyMap<string, string>
  readonly injected: readonly { readonly name: string; readonly value: string }[]
  readonly secrets: Secrets
}

/** Without ports (podman publishes them on the host), probes and hooks (the test's own kubelet does them). */
function playableContainer(container: Container, { rename, injected, secrets }: ContainerOptions): object {
  const {
    ports: _ports,
    startupProbe: _startup,
    livenessProbe: _liveness,
    readinessProbe: _readiness,
    lifecycle: _lifecycle,
    ...rest
  } = container
  const own = (container.env ?? []).map((one) => resolveSecret(one, secrets))
  return {
    ...rest,
    env: [...injected, ...own], // the container's own win, as in a cluster
    volumeMounts: (container.volumeMounts ?? []).map((mount) => ({ ...mount, name: rename.get(mount.name) })),
  }
}

function resolveSecret(variable: NonNullable<Container['env']>[number], secrets: Secrets): object {
  const { secretKeyRef } = (variable.valueFrom ?? {}) as { secretKeyRef?: { name: string; key: string } }
  if (secretKeyRef === undefined) return variable
  return {
    name: variable.name,
    value:
      secrets[secretKeyRef.name]?.[secretKeyRef.key] ?? missing(`${secretKeyRef.name}/${secretKeyRef.key}`),
  }
}

/** What the kubelet injects for the Services of the Pod's namespace, the forms of Docker's links included (W31). */
function injectedVariables(
  services: readonly PlacedService[],
  namespace: string,
  links = true,
): readonly { readonly name: string; readonly value: string }[] {
  const seen = links
    ? services.filter(({ object }) => namespaceOf(object) === namespace && hasAddress(object))
    : []
  return seen.flatMap(({ object, address }) => {
    const prefix = object.metadata.name.toUpperCase().replaceAll('-', '_')
    const port = object.spec?.ports?.[0]?.port ?? 0
    return [
      { name: `${prefix}_SERVICE_HOST`, value: address },
      { name: `${prefix}_SERVICE_PORT`, value: String(port) },
      { name: `${prefix}_PORT`, value: `tcp://${address}:${port}` },
      { name: `${prefix}_PORT_${port}_TCP`, value: `tcp://${address}:${port}` },
      { name: `${prefix}_PORT_${port}_TCP_ADDR`, value: address },
    ]
  })
}

function missing(what: string): never {
  throw new Error(`${what} was not given to the test`)
}
