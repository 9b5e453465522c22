// Renders a kustomization as `kubectl apply -k` would see it; needs kubectl 1.21 or newer, no cluster and no network.
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  const objects = kustomize(join(ROOT, folder))
  rendered.set(folder, objects)
  return objects
}

function kustomize(folder: string): readonly KubeObject[] {
  const text = execFileSync('kubectl', ['kustomize', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return parseManifests(text, `kubectl kustomize ${folder}`)
}

export const renderOverlay = (name: string): readonly KubeObject[] => render(`deploy/overlays/${name}`)

/** An overlay with components on top, as a kustomization of the reader's own has it. */
export function renderWith(overlay: string, ...components: readonly string[]): readonly KubeObject[] {
  mkdirSync(join(ROOT, '.postern'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.postern', 'on-top-')) // inside: kustomize takes bases by relative paths
  const deploy = '../../deploy'
  const own = {
    resources: [`${deploy}/overlays/${overlay}`],
    components: components.map((name) => `${deploy}/components/${name}`),
  }
  try {
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(own))
    return kustomize(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
