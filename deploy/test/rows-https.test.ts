// The "static" rows of S3 (HTTPS nginx), and the nginx files in docs/contract.md, named by their ids.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { find } from './kube-object.ts'
import { ROOT } from './read-manifests.ts'
import { cannotRender, renderOverlay } from './render.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`
const overlay = (name: string) => (cannotRender === undefined ? renderOverlay(name) : [])
const nginxFile = (name: string) => readFileSync(join(ROOT, 'deploy/nginx', name), 'utf8')

run(`https-nginx${skipped}`, () => {
  const objects = overlay('https-nginx')

  test('S3.12 ConfigMap nginxconfigmap has one key, default.conf, and its content is the file', () => {
    expect(find(objects, 'ConfigMap', 'nginxconfigmap').data).toEqual({
      'default.conf': nginxFile('https/default.conf'),
    })
  })

  test('S3.13 Service my-nginx: NodePort, label run, 8080→80 named http, 443 named https', () => {
    const { metadata, spec } = find(objects, 'Service', 'my-nginx')
    expect(metadata.labels).toMatchObject({ run: 'my-nginx' })
    expect(spec?.type).toBe('NodePort')
    expect(spec?.ports).toEqual([
      { port: 8080, targetPort: 80, protocol: 'TCP', name: 'http' },
      { port: 443, protocol: 'TCP', name: 'https' },
    ])
  })

  test('S3.14 Deployment my-nginx: the Secret at /etc/nginx/ssl, the ConfigMap at /etc/nginx/conf.d', () => {
    const deployment = find(objects, 'Deployment', 'my-nginx')
    const pod = deployment.spec?.template?.spec
    expect(deployment.spec?.replicas).toBe(1)
    expect(pod?.volumes).toEqual(
      expect.arrayContaining([
        { name: 'secret-volume', secret: { secretName: 'nginxsecret' } },
        { name: 'configmap-volume', configMap: { name: 'nginxconfigmap' } },
      ]),
    )
    const [nginx] = pod?.containers ?? []
    expect(nginx?.name).toBe('nginxhttps')
    expect(nginx?.ports?.map(({ containerPort }) => containerPort)).toEqual([443, 80])
    expect(nginx?.volumeMounts).toEqual(
      expect.arrayContaining([
        { mountPath: '/etc/nginx/ssl', name: 'secret-volume' },
        { mountPath: '/etc/nginx/conf.d', name: 'configmap-volume' },
      ]),
    )
  })

  test('S3.16 the curl Pod mounts the certificate of the same Secret, not the key', () => {
    const pod = find(objects, 'Deployment', 'curl-deployment').spec?.template?.spec
    expect(pod?.volumes).toEqual([
      {
        name: 'secret-volume',
        secret: { secretName: 'nginxsecret', items: [{ key: 'tls.crt', path: 'tls.crt' }] },
      },
    ])
  })
})

describe('the nginx files', () => {
  test('S3.11 default.conf: 80 for v4 and v6, 443 with TLS, the root, the certificate, 404 for the unknown', () => {
    const conf = nginxFile('https/default.conf')
    for (const line of [
      'listen 80 default_server;',
      'listen [::]:80 default_server ipv6only=on;',
      'listen 443 ssl;',
      'root /usr/share/nginx/html;',
      'index index.html;',
      'server_name localhost;',
      'ssl_certificate /etc/nginx/ssl/tls.crt;',
      'ssl_certificate_key /etc/nginx/ssl/tls.key;',
      'try_files $uri $uri/ =404;',
    ])
      expect(conf).toContain(line)
  })

  test('S0.42 the frontend takes more of one’s own from extra-conf.d', () => {
    expect(nginxFile('frontend/default.conf.template')).toContain('include /etc/nginx/extra-conf.d/*.conf;')
  })

  test('W24 no `ssl on`, no TLS before 1.2, and every upstream in a variable', () => {
    for (const name of [
      'lab/proxy.conf',
      'lab/frontend.conf',
      'https/default.conf',
      'system/routes.conf',
      'frontend/default.conf.template',
    ])
      for (const line of nginxFile(name)
        .split('\n')
        .map((one) => one.trim())) {
        expect(line).not.toMatch(/^ssl on/)
        expect(line).not.toMatch(/^ssl_protocols.*TLSv1(\.1)?[ ;]/)
        if (line.startsWith('proxy_pass')) expect(line).toMatch(/http:\/\/(\$|127\.0\.0\.1)/)
      }
  })
})
