import { describe, expect, test } from '@jest/globals'
import { parseYaml } from '../source/parse-yaml.ts'
import { ManifestParser } from './parse-manifests.ts'
import { unappliedKustomizations } from './unapplied-kustomizations.ts'

type Files = Readonly<Record<string, string>>

const manifestsOf = (files: Files) =>
  Object.entries(files).flatMap(([file, text]) => parseYaml(text, file).value)

/** `file:line field: message`. */
const told = (files: Files) =>
  unappliedKustomizations(manifestsOf(files)).map(
    ({ file, line, field, message }) => `${file ?? ''}:${String(line)} ${field ?? ''}: ${message}`,
  )

const KIND = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
const COMPONENT = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n'
const objectOf = (kind: string) => `apiVersion: networking.k8s.io/v1\nkind: ${kind}\nmetadata: {name: shop}\n`
const base = {
  'base/kustomization.yaml': `${KIND}resources: [shop.yaml]\n`,
  'base/shop.yaml': objectOf('Ingress'),
}
const over = (text: string, more: Files = {}): Files => ({
  ...base,
  'over/kustomization.yaml': `${KIND}resources: [../base]\n${text}`,
  ...more,
})
const NOT_APPLIED = 'not applied, since files count as they are written:'

describe('a kustomization that gives routing other objects than its files hold is told of', () => {
  test.each([
    'namespace: prod',
    'namePrefix: prod-',
    'nameSuffix: -blue',
    'commonAnnotations: {a: b}',
    'secretGenerator: [{name: tls, files: [tls.crt]}]',
    'patches: [{target: {kind: Ingress}, patch: "- op: remove"}]',
    'patches: [{target: {kind: Deployment|Service}, path: some.yaml}]',
    'patches: [{target: {name: shop}, path: operations.yaml}]',
    'patches: [{patch: "kind: Service\\nmetadata: {name: shop}"}]',
    'patchesJson6902: [{target: {kind: Ingress}, path: operations.yaml}]',
  ])('%s', (text) => {
    const field = text.slice(0, text.indexOf(':'))
    expect(told(over(text))).toEqual([`over/kustomization.yaml:4 ${field}: ${NOT_APPLIED} ${field}`])
  })

  test('by a patch in a file of its own, in either form', () => {
    for (const patches of ['patches: [{path: host.yaml}]', 'patchesStrategicMerge: [./host.yaml]'])
      expect(told(over(patches, { 'over/host.yaml': objectOf('Ingress') }))).toHaveLength(1)
  })

  test('all fields at once, in the order of the file', () => {
    expect(told(over('namePrefix: a-\nimages: [{name: shop}]\nnamespace: prod\n'))).toEqual([
      `over/kustomization.yaml:4 namePrefix: ${NOT_APPLIED} namePrefix, namespace`,
    ])
  })

  test('by a component, which cannot be built alone', () => {
    const files = over('components: [../door]\n', {
      'door/kustomization.yaml': `${COMPONENT}patches: [{target: {kind: Service}, patch: "- op: add"}]\n`,
    })
    expect(told(files)).toEqual([`over/kustomization.yaml:4 components: ${NOT_APPLIED} components`])
  })

  test('without apiVersion and kind, which kustomize does not need', () => {
    expect(told({ ...base, 'over/kustomization.yml': 'resources: [../base]\nnamespace: prod\n' })).toEqual([
      `over/kustomization.yml:2 namespace: ${NOT_APPLIED} namespace`,
    ])
  })

  test('when what it builds on was not given', () => {
    const { 'over/kustomization.yaml': text = '' } = over(
      'resources: [../base/, https://example.com/x.yaml]\n',
    )
    expect(told({ 'over/kustomization.yaml': text.replace('resources: [../base]\n', '') })).toEqual([
      'over/kustomization.yaml:3 resources: not among these manifests: ../base/, https://example.com/x.yaml',
    ])
  })
})

describe('nothing is said', () => {
  test.each([
    'images: [{name: shop, newTag: v2}]',
    'replicas: [{name: shop, count: 3}]',
    'labels: [{pairs: {team: shop}}]',
    'configMapGenerator: [{name: settings, literals: [A=b]}]',
    'patches: [{target: {kind: Deployment}, patch: "- op: remove"}]',
    'patches: [{patch: "kind: Deployment\\nmetadata: {name: shop}"}]',
  ])('of what changes only Pods: %s', (text) => {
    expect(told(over(text))).toEqual([])
  })

  test('of a variant inside the folder of a kustomization that does without it', () => {
    const files = {
      'kustomization.yaml': `${KIND}resources: [shop.yaml]\n`,
      'shop.yaml': objectOf('Ingress'),
      'blue/kustomization.yaml': `${KIND}resources: [../shop.yaml]\nnameSuffix: -blue\n`,
    }
    expect(told(files)).toEqual([])
    const used = { ...files, 'kustomization.yaml': `${KIND}resources: [shop.yaml, blue]\n` }
    expect(told(used)).toEqual([`blue/kustomization.yaml:4 nameSuffix: ${NOT_APPLIED} nameSuffix`])
  })
})

test('a patch takes the place of no object', () => {
  const settings = (data: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: nginx}\ndata: ${data}\n`
  const files = over('patches: [{path: settings.yaml}]', {
    'base/settings.yaml': settings("{use-gzip: 'true', proxy-body-size: 1m}"),
    'over/settings.yaml': settings('{proxy-body-size: 8m}'),
  })
  const { value, diagnostics } = new ManifestParser().parse(manifestsOf(files))
  expect(value.configMaps.get('default/nginx')?.ref.file).toBe('base/settings.yaml')
  expect(diagnostics.map(({ code }) => code)).not.toContain('object-twice')
})
