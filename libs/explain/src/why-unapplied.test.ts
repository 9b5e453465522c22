import { expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { ingress, serviceAt, toYaml } from '@postern/testing'
import { explain } from './explain.ts'
import { parseExplainRequest } from './request.ts'
import { makeSubject } from './subject.ts'

const rule = (host: string) => [{ host, paths: [{ service: 'shop' }] }]

const FILES = {
  'base/shop.yaml': toYaml(
    ingress({ name: 'shop', rules: rule('shop.example') }),
    ...serviceAt('shop', [{ address: '127.0.0.1', port: 8080 }]),
  ),
  'other/own.yaml': toYaml(ingress({ name: 'own', rules: rule('own.example') })),
  'over/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\npatches: [{path: host.yaml}]\n',
  'over/host.yaml': toYaml(ingress({ name: 'shop', rules: rule('shop.prod.example') })),
}

async function answer(url: string) {
  const manifests = Object.entries(FILES).flatMap(([file, text]) => parseYaml(text, file).value)
  const subject = makeSubject({ manifests, diagnostics: [] }, DEFAULT_COMPILE_SETTINGS)
  const { summary, findings } = await explain(subject, parseExplainRequest({ url }))
  return { summary, findings: findings.filter(({ code }) => code === 'kustomization-not-applied') }
}

const ASK =
  '(not applied, since files count as they are written: patches): ask what it makes, with kustomize build over | postern explain … --manifests -.'

test('a host that only a patch names leads to the kustomization that has it', async () => {
  expect(await answer('http://shop.prod.example/')).toEqual({
    summary: 'answered 404 (no rule matches this host and path)',
    findings: [
      {
        code: 'kustomization-not-applied',
        sentence: `The kustomization of over is not carried out ${ASK}`,
        place: 'over/kustomization.yaml:4',
      },
    ],
  })
})

test('a rule that a kustomization builds on is answered as it is written, and that is said', async () => {
  expect(await answer('http://shop.example/')).toEqual({
    summary: 'forwarded to default/shop/80 as GET /',
    findings: [
      {
        code: 'kustomization-not-applied',
        sentence: `Ingress default/shop counts as it is written, without the kustomization of over ${ASK}`,
        place: 'over/kustomization.yaml:4',
      },
    ],
  })
})

test('a rule that no kustomization touches is answered without a word about it', async () => {
  expect((await answer('http://own.example/')).findings).toEqual([])
})
