// ingress-nginx as a Pod, with Debian's nginx inside. The controller writes nginx's configuration from the Ingresses; here
// deploy/nginx/system is that configuration, written by hand (D13: routing.e2e.ts asks it and Postern the same table).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueSelfSigned } from '../../../certs/issue.ts'
import type { KubeObject } from '../kube-object.ts'
import { ROOT } from '../read-manifests.ts'
import type { Secrets } from './playable-pod.ts'
import { NGINX_IMAGE } from './test-images.ts'

const NAME = 'ingress-nginx-controller'
const NAMESPACE = 'ingress-nginx'
const TLS = 'ingress-nginx-tls'
const LABELS = { 'app.kubernetes.io/name': 'ingress-nginx' }

/** The controller's Deployment, and a Service for the ports of the node that minikube's addon takes. */
export function controllerObjects(): readonly KubeObject[] {
  return [
    configMap('routes', ['routes.conf', 'upstreams.conf']),
    configMap('proxy', ['proxy.conf']),
    {
      ...named('apps/v1', 'Deployment', NAME),
      spec: {
        replicas: 1,
        template: { metadata: { labels: LABELS }, spec: POD },
      },
    },
    {
      ...named('v1', 'Service', NAME),
      spec: {
        type: 'NodePort',
        selector: LABELS,
        ports: [80, 443].map((port) => ({ name: `port-${port}`, port, nodePort: port })),
      },
    },
  ]
}

const POD = {
  securityContext: { runAsNonRoot: true, runAsUser: 101 },
  containers: [
    {
      name: 'controller',
      image: NGINX_IMAGE,
      readinessProbe: { tcpSocket: { port: 443 } },
      volumeMounts: [
        { name: 'routes', mountPath: '/etc/nginx/conf.d' },
        { name: 'proxy', mountPath: '/etc/nginx/system' },
        { name: 'tls', mountPath: '/etc/nginx/tls' },
      ],
    },
  ],
  volumes: [
    { name: 'routes', configMap: { name: 'routes' } },
    { name: 'proxy', configMap: { name: 'proxy' } },
    { name: 'tls', secret: { secretName: TLS } },
  ],
}

/**
 * What the controller reads of the API: the TLS Secrets that the Ingresses name, and a certificate of its own for hosts
 * that nobody serves. @throws Error naming a Secret that is not there.
 */
export async function controllerSecrets(names: readonly string[], secrets: Secrets): Promise<Secrets> {
  const own = await issueSelfSigned({
    commonName: 'Kubernetes Ingress Controller Fake Certificate',
    organization: 'Acme Co',
    names: ['ingress.local'],
  })
  const pairs = [...new Set(names)].map((name) => {
    const { 'tls.crt': cert, 'tls.key': key } = secrets[name] ?? {}
    if (cert === undefined || key === undefined)
      throw new Error(`no Secret ${name} of type kubernetes.io/tls`)
    return { name, cert, key }
  })
  const files = [...pairs, { name: 'fallback-tls', ...own }].flatMap(({ name, cert, key }) => [
    [`${name}.crt`, cert],
    [`${name}.key`, key],
  ])
  return { [TLS]: Object.fromEntries(files) as Record<string, string> }
}

function configMap(name: string, files: readonly string[]): KubeObject {
  const system = (file: string): string => readFileSync(join(ROOT, 'deploy/nginx/system', file), 'utf8')
  return {
    ...named('v1', 'ConfigMap', name),
    data: Object.fromEntries(files.map((file) => [file, system(file)])),
  }
}

const named = (apiVersion: string, kind: string, name: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: NAMESPACE },
})
