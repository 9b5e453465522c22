// Image, manifests and Ingress rule of a new service, made from those of proxy, which is the plainest: no volume, no neighbour.
import type { NewService } from './app-files.ts'

const IMAGE = 'deploy/images/proxy.Containerfile'
const DEPLOYMENT = 'deploy/base/proxy-app/deployment.yaml'
const SERVICE = 'deploy/base/proxy-app/service.yaml'
const KUSTOMIZATION = 'deploy/base/proxy-app/kustomization.yaml'

/** The files that serve as models: what is right for them today is right for the new one. */
export const MODELS: readonly string[] = [IMAGE, DEPLOYMENT, SERVICE, KUSTOMIZATION]

/** The files by path from the repository's root. */
export function deployFiles(
  { name, port }: NewService,
  models: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const named = (file: string): string =>
    (models[file] ?? '')
      .replaceAll('proxy-app-service', `${name}-service`)
      .replaceAll('proxy-app', name)
      .replaceAll('part-of: helloworld', 'part-of: course')
      .replaceAll('3000', String(port))
  return {
    [`deploy/images/${name}.Containerfile`]: named(IMAGE)
      .replaceAll(/\bproxy\b/g, name)
      .replaceAll('shows what an app in another namespace says', 'says what it is for'),
    [`deploy/base/${name}/deployment.yaml`]: named(DEPLOYMENT)
      .replace('localhost/postern/proxy:', `localhost/postern/${name}:`)
      .replace(/ {10}env:\n(?: {12}.*\n)+/, '')
      .replace('replicas: 3', 'replicas: 1'),
    [`deploy/base/${name}/service.yaml`]: named(SERVICE).replace(
      /^#.*\n/,
      `# In front of the Pods of ${name}.\n`,
    ),
    [`deploy/base/${name}/kustomization.yaml`]: named(KUSTOMIZATION),
    [`ingress/${name}.yaml`]: ingress(name, port),
  }
}

function ingress(name: string, port: number): string {
  return `# https://${name}.localhost/ — everything to ${name}.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: default
spec:
  ingressClassName: nginx
  tls:
    - hosts: [${name}.localhost, ${name}.postern.test]
      secretName: ${name}-tls
  rules:
    - host: ${name}.localhost
      http: &${name}
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}-service
                port:
                  number: ${port}
    - host: ${name}.postern.test
      http: *${name}
`
}
