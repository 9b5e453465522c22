// Renders a kustomization as `kubectl apply -k` would see it; needs kubectl 1.21 or newer, no cluster and no network.
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { KubeObject } from './kube-object.ts'
import { parseManifests, ROOT } from './read-manifests.ts'

/** Why nothing can be rendered here, or undefined when it can. */
export const cannotRender: string | undefined = (() => {
  const { status, stdout } = spawnSync('kubectl', ['version', '--client', '--output=json'], {
    encoding: 'utf8',
  })
  if (status !== 0) return 'kubectl is not installed'
  const { clientVersion } = JSON.parse(stdout) as { clientVersion: { major: string; minor: string } }
  const minor = Number.parseInt(clientVersion.minor, 10)
  return Number(clientVersion.major) > 1 || minor >= 21 ? undefined : `kubectl 1.${minor} is older than 1.21`
})()

/** Names of the overlays, as in deploy/overlays. */
export const OVERLAYS: readonly string[] = globSync('deploy/overlays/*/kustomization.yaml', { cwd: ROOT })
  .map((file) => file.split('/')[2] ?? '')
  .sort()

/** Every folder that can be applied by itself. */
export const APPLICABLE: readonly string[] = globSync(
  [
    'deploy/{base,overlays}/*/kustomization.yaml',
    'deploy/base/kustomization.yaml',
    'deploy/gateway-api/kustomization.yaml',
    'ingress/kustomization.yaml',
  ],
  { cwd: ROOT },
)
  .map(dirname)
  .sort()

const rendered = new Map<string, readonly KubeObject[]>()

/** The objects of `folder` (from the repository's root); each folder is rendered once per test file. */
export function render(folder: string): readonly KubeObject[] {
  const known = rendered.get(folder)
  if (known !== undefined) return known
  const text = execFileSync('kubectl', ['kustomize', join(ROOT, folder)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const objects = parseManifests(text, `kubectl kustomize ${folder}`)
  rendered.set(folder, objects)
  return objects
}

export const renderOverlay = (name: string): readonly KubeObject[] => render(`deploy/overlays/${name}`)
