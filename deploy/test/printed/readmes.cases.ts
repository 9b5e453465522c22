// The READMEs of the overlays, run as a reader would: each printed command, and the answer that stands beside it.
import { afterEach, expect } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testIn } from '../cluster/test-in.ts'
import type { World } from '../cluster/world.ts'
import { ROOT } from '../read-manifests.ts'
import { Control } from './control.ts'
import { commandsOf, patternOf, sectionOf, type PrintedCommand } from './readme-commands.ts'
import { runPrinted, type PrintedOptions, type RanCommand } from './run-printed.ts'

/** Built already, for a browser, or a change of what is mounted (cluster/changes.cases.ts). */
const SKIPPED = /^(npx node deploy\/images|minikube service frontend-service$|.*\| kubectl replace -f -$)/

/** Overlays whose README needs nothing that is printed elsewhere. */
const ALONE = [
  'course',
  'course-nginx',
  'pod-internal',
  'pod-to-pod-dns',
  'pod-to-pod-env',
  'services',
  'helloworld',
  'https-nginx',
  'lab',
]

/** The tracks of the lab have these from ../lab. */
const LAB_SECRETS = [
  'make keys KEY=/tmp/key.pem CERT=/tmp/cert.pem >/dev/null',
  'kubectl create secret generic tls-certs --from-file=/tmp/cert.pem --from-file=/tmp/key.pem --from-file=ca.pem=/tmp/cert.pem',
  'kubectl create secret generic lab-jwt --from-literal=secret="$(openssl rand -base64 32)"',
]
const LAB_DOOR = ['kubectl port-forward service/frontend 10443:443 &']

/** What the README leaves to its reader. */
const OLD_DOOR: PrintedCommand = { command: 'OLD=$(minikube ip)', expected: '' }
const AT_NEW = `curl -s --cacert certs/ca.crt --connect-to "::$(kubectl get service postern -o jsonpath='{.status.loadBalancer.ingress[0].ip}')"`
const NEW_DOOR: readonly PrintedCommand[] = [
  { command: `${AT_NEW} https://demo.postern.test/`, expected: '<!doctype html> …' },
  {
    command: `${AT_NEW} -H 'Authorization: Bearer abc' https://demo.postern.test/api/tasks`,
    expected: '{"message":"Tasks loaded.","tasks":[]}',
  },
  { command: `${AT_NEW} https://hello.postern.test/`, expected: '… Hello Kubernetes!' },
  {
    command: `${AT_NEW} -k -H 'Accept: application/json' https://nothing.example/`,
    expected: '{"message":"No rule of this gateway matches this address.",…',
  },
]

export function readmeCases(world: () => World): void {
  const test = testIn(world)
  let control: Control | undefined
  afterEach(async () => {
    control?.close()
    control = undefined
    await world().cluster.clear()
  })

  const runAll = async (
    printed: readonly PrintedCommand[],
    options: Partial<PrintedOptions> = {},
  ): Promise<void> => {
    control ??= new Control(world())
    const ran = await runPrinted(world(), control, printed, { skip: SKIPPED, ...options })
    expect(ran.length).toBeGreaterThan(0)
    expect(ran.filter((one) => !isAsPrinted(one))).toEqual([])
  }
  const run = (overlay: string, options: Partial<PrintedOptions> = {}): Promise<void> =>
    runAll(readme(overlay), options)

  for (const overlay of ALONE)
    test(`${overlay}: every command ends well and prints what stands beside it`, () => run(overlay))

  test('lab-canary: the same', () => run('lab-canary', { before: LAB_SECRETS }))

  test('lab-blue, then lab-green: the same', async () => {
    await run('lab-blue', { before: LAB_SECRETS, afterApply: LAB_DOOR })
    await run('lab-green', { afterApply: LAB_DOOR })
  })

  test('S1.33 S1.34 minikube, then parts 2, 3a and 4 of docs/minikube.md, nginx being the controller: the same', () =>
    runAll([...readme('minikube'), ...['2.', '3a.', '4.'].flatMap(guided)]))

  test('minikube, then from-ingress-nginx: Postern beside the controller, on what the cluster has', () =>
    runAll([...readme('minikube'), OLD_DOOR, ...readme('from-ingress-nginx'), ...NEW_DOOR]))

  test('gateway, then part 4 of docs/minikube.md: the same', () =>
    runAll([...readme('gateway'), ...guided('4.')]))
}

function guided(part: string): readonly PrintedCommand[] {
  return commandsOf(sectionOf(readFileSync(join(ROOT, 'docs/minikube.md'), 'utf8'), part))
}

function readme(overlay: string): readonly PrintedCommand[] {
  return commandsOf(readFileSync(join(ROOT, 'deploy/overlays', overlay, 'README.md'), 'utf8'))
}

function isAsPrinted({ code, output, expected }: RanCommand): boolean {
  if (/^can't find/.test(expected)) return code !== 0
  return code === 0 && (patternOf(expected)?.test(output) ?? true)
}
