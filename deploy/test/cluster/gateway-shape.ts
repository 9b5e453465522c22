// The overlay `gateway` as its README sets it up: the printed commands make the ConfigMaps and the Secret.
import { join } from 'node:path'
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { makeCertificates } from '../../../certs/make-certificates.ts'
import type { KubeObject } from '../kube-object.ts'
import { ROOT } from '../read-manifests.ts'
import { renderOverlay } from '../render.ts'
import { runHere } from '../room.ts'
import type { Secrets } from './playable-pod.ts'
import { mountAsKubelet } from './mounted-folder.ts'
import { curl, type Answer, type World } from './world.ts'

export interface GatewayShape {
  /** The folder that the gateway sees as its ConfigMap `postern-ingress`. */
  readonly ingress: string
  /** Address of the Service `postern`. */
  readonly door: string
  /** Asks a host by HTTPS, or what `path` says when it is a URL; the certificates are believed by their authority. */
  at(host: string, path: string, ...more: readonly string[]): Promise<Answer>
}

export async function applyGateway(world: World): Promise<GatewayShape> {
  return applyBehindPostern(world, renderOverlay('gateway').map(forTheLoad), {
    'lab-jwt': { secret: 'a secret of the lab, long enough' },
  })
}

/** Objects in which Postern is the door, with the ConfigMaps and the Secret that it mounts. */
export async function applyBehindPostern(
  world: World,
  objects: readonly KubeObject[],
  secrets: Secrets,
): Promise<GatewayShape> {
  const { podman, cluster } = world
  const certs = join(podman.folder, 'certs')
  const { authorityFile } = await makeCertificates({ ingressFolder: join(ROOT, 'ingress'), folder: certs })
  const ingress = mkdtempSync(join(podman.folder, 'postern-ingress-'))
  // The README's commands, word for word but for the place of the certificates.
  const printed = await asPrinted('overlays/gateway/README.md', certs)
  mountAsKubelet(ingress, dataOf(printed, 'postern-ingress'))
  chmodSync(ingress, 0o755)
  const services = printed.filter(({ metadata }) => metadata.name === 'postern-services')
  await cluster.apply([...objects, ...services], {
    secrets: { ...secrets, 'postern-tls': decoded(printed, 'postern-tls') },
    folders: { 'postern-ingress': ingress },
  })
  const door = cluster.addressOf('postern')
  return {
    ingress,
    door,
    at: (host, path, ...more) => {
      const resolve = [443, 80].flatMap((port) => ['--resolve', `${host}:${port}:${door}`])
      const url = path.startsWith('http') ? path : `https://${host}${path}`
      return curl(world, '--cacert', authorityFile, ...resolve, ...more, url)
    },
  }
}

/**
 * The course's Pods with a whole CPU instead of 0.2: one Pod of each has to answer 200 requests/s here, and what is asked is
 * whether a restart loses one, not how much a machine carries.
 */
function forTheLoad(object: KubeObject): KubeObject {
  const template = object.spec?.template
  if (object.metadata.labels?.['app.kubernetes.io/part-of'] !== 'course' || template === undefined)
    return object
  const containers = (template.spec.containers ?? []).map((one) => ({
    ...one,
    resources: { ...one.resources, limits: { ...one.resources?.limits, cpu: '1' } },
  }))
  return {
    ...object,
    spec: { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } },
  }
}

/** The README's `kubectl create …` lines, with what they print instead of a cluster. */
async function asPrinted(readme: string, certs: string): Promise<readonly KubeObject[]> {
  const lines = readFileSync(join(ROOT, 'deploy', readme), 'utf8')
    .split('\n')
    .map((line) => line.trim())
  const one = async (start: string): Promise<KubeObject> => {
    const line = lines.find((each) => each.startsWith(start))
    if (line === undefined) throw new Error(`${readme} prints no command '${start} …'`)
    const command = line
      .replace(' && rm /tmp/tls.yaml', '')
      .replaceAll(/(?<!\/)certs\//g, `${certs}/`)
      .replaceAll('/tmp/tls.yaml', `${certs}/tls.yaml`)
    const dry = start.startsWith('kubectl') ? `${command} --dry-run=client -o yaml` : command
    const { code, stdout, stderr } = await runHere('bash', '-ec', `cd '${ROOT}'; ${dry}`)
    if (code !== 0) throw new Error(`${line}: ${stderr}`)
    return parse(stdout || 'kind: none') as KubeObject
  }
  const maps = [
    await one('kubectl create configmap postern-ingress'),
    await one('kubectl create configmap postern-services'),
  ]
  await one('for name in demo')
  return [...maps, await one('kubectl create secret generic postern-tls')]
}

function dataOf(objects: readonly KubeObject[], name: string): Readonly<Record<string, string>> {
  return objects.find(({ metadata }) => metadata.name === name)?.data ?? {}
}

function decoded(objects: readonly KubeObject[], name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(dataOf(objects, name)).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  )
}
