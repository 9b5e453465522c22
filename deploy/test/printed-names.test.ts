// Names that stand in what the READMEs of `minikube` and `production` and docs/minikube.md print, held against what the
// overlays render: without a container, and for `production`, whose stores are the reader's, in place of playing it
// (deploy/test/printed plays the others).
import { describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FALLBACK, wantedCertificates } from '../../certs/wanted-certificates.ts'
import { IMAGES } from '../images/images.ts'
import { find, type KubeObject } from './kube-object.ts'
import { configMapsOf, imagesOf, keysOf, secretsOf, sorted, tlsSecrets } from './needs.ts'
import { commandsOf, sectionOf } from './printed/readme-commands.ts'
import { expandLoops } from './printed/expand-loops.ts'
import { readManifests, ROOT } from './read-manifests.ts'
import { cannotRender, renderOverlay } from './render.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const scriptOf = (page: string): string =>
  expandLoops(
    commandsOf(page)
      .map(({ command }) => command)
      .join('\n'),
  )

const guide = read('docs/minikube.md')
const guided = (...titles: readonly string[]): string =>
  titles.map((title) => scriptOf(sectionOf(guide, title))).join('\n')
const [minikube, production, gateway] = ['minikube', 'production', 'gateway'].map((overlay) =>
  scriptOf(read(`deploy/overlays/${overlay}/README.md`)),
) as [string, string, string]

/** Every first group of `pattern`, sorted, each once. */
const all = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, one]) => one ?? ''))].sort()

const LOADED = /minikube image load localhost\/postern\/(\S+?)(?:;|$)/gm
const MADE_SECRET = /kubectl create secret (?:tls|generic) (\S+)(?!.*--dry-run)/g
const MADE_CONFIG_MAP = /kubectl create configmap (\S+)/g

describe('commands that need no cluster', () => {
  test.each([
    ['minikube', minikube],
    ['production', production],
    ['docs/minikube.md', scriptOf(guide)],
  ])('%s names files and folders that are there', (_, script) => {
    const files = all(script, /(?:-k|node) ([\w/.-]+)/g)
    expect(files).not.toEqual([])
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })

  test('certs/make-certs.ts makes every certificate that a Secret is made from', async () => {
    const made = (await wantedCertificates(join(ROOT, 'ingress'))).map(
      ({ secretName }) => `certs/${secretName}`,
    )
    for (const script of [minikube, scriptOf(guide)])
      for (const kind of ['cert', 'key'])
        for (const file of all(script, new RegExp(`--${kind} (certs/\\S+)\\.(?:crt|key)`, 'g')))
          expect(made).toContain(file)
  })

  test('the guide counts the images that are built, and those that it loads', () => {
    expect(guide).toContain(`(and ${['ten', 'eleven', 'twelve'][IMAGES.length - 11]} more)`)
    expect(guide).toContain(`# ${all(guided('1.'), LOADED).length}\n`)
  })

  test('the guide gives Postern every TLS Secret that an Ingress or the gateway names', () => {
    const ingresses = readManifests('ingress/*.yaml').map(({ object }) => object)
    expect(all(guided('3b.'), /create secret tls (\S+) .*--dry-run/g)).toEqual(
      sorted([...tlsSecrets(ingresses), FALLBACK.secretName]),
    )
  })
})

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

run(`names that a cluster would have${skipped}`, () => {
  const rendered = (name: string) => (cannotRender === undefined ? renderOverlay(name) : [])
  const namesOf = (objects: readonly KubeObject[], kind: string) =>
    sorted(objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name))

  test.each([
    ['minikube', minikube, rendered('minikube')],
    ['docs/minikube.md', guided('1.'), [...rendered('minikube'), ...rendered('gateway')]],
  ])('%s loads the images that its Pods name, and no other', (_, script, objects) => {
    expect(all(script, LOADED)).toEqual(imagesOf(objects))
  })

  test.each([
    ['minikube', minikube, rendered('minikube')],
    ['docs/minikube.md 3a', guided('2.', '3a.'), rendered('minikube')],
    ['docs/minikube.md 3b', guided('2.', '3b.'), [...rendered('gateway'), ...readIngresses()]],
    // The last three are told in ../gateway.
    ['production', `${production}\n${only(gateway, /postern-/)}`, rendered('production')],
  ])('%s makes the Secrets and ConfigMaps that are needed, and no other', (_, script, objects) => {
    expect(all(script, MADE_SECRET)).toEqual(secretsOf(objects))
    expect(all(script, MADE_CONFIG_MAP)).toEqual(configMapsOf(objects))
  })

  test('production gives each Secret the key that its Pods read', () => {
    for (const [secret, key] of keysOf(rendered('production')))
      expect(production).toMatch(new RegExp(`create secret generic ${secret} --from-literal=${key}=`))
  })

  test.each([
    ['minikube', minikube],
    ['docs/minikube.md', guided('4.')],
  ])('%s writes and asks the hosts of the Ingress rules', (_, script) => {
    const hosts = sorted(
      rendered('minikube').flatMap(({ spec }) => spec?.rules?.map(({ host }) => host) ?? []),
    ).filter((host) => host.endsWith('.postern.test'))
    expect(hosts).toEqual(expect.arrayContaining([...all(script, /https?:\/\/([\w.]+\.test)\//g)]))
    expect(all(script, /(?<=[ "])([\w.]+\.postern\.test)(?=[ "])/g)).toEqual(hosts)
  })

  test('production names its policies, and what it restarts and asks', () => {
    const objects = rendered('production')
    const listed = /kubectl get networkpolicy +# (.*)/.exec(read('deploy/overlays/production/README.md'))?.[1]
    expect(sorted(listed?.split(', ') ?? [])).toEqual(namesOf(objects, 'NetworkPolicy'))
    for (const name of all(production, /deployment\/([\w-]+)/g))
      expect(namesOf(objects, 'Deployment')).toContain(name)
    const [service = ''] = all(production, /http:\/\/([\w-]+)\//g)
    expect(find(objects, 'Service', service).spec?.ports?.map(({ port }) => port)).toEqual([80])
  })
})

function readIngresses(): readonly KubeObject[] {
  return readManifests('ingress/*.yaml').map(({ object }) => object)
}

function only(script: string, pattern: RegExp): string {
  return script
    .split('\n')
    .filter((line) => pattern.test(line))
    .join('\n')
}
