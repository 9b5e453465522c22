// The nginx files of S0, S3 and S4 under a real nginx, with their own paths, ports and names, in a room of their own.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@postern/testing'
import { keepSecrets } from '@postern/testing/test-logs'
import { findPartNamed } from '../../tools/e2e/parts.ts'
import { cannotRender } from './render.ts'
import { ROOT } from './read-manifests.ts'
import { noRoom, type Resident, type Room } from './room.ts'
import { DNS_ADDRESS } from './room/cluster.ts'
import { fillTemplate } from './room/nginx-folder.ts'
import { curlIn, inRoom, withNginx, type NginxRoomOptions } from './room/nginx-room.ts'

const nginx = findPartNamed('nginx')
const missing =
  nginx === undefined
    ? 'nginx is not installed'
    : (['curl', 'make', 'openssl'].find((part) => findPartNamed(part) === undefined) ?? noRoom)
if (missing !== undefined) console.warn(`SKIPPED: deploy/test/nginx.e2e.ts: ${missing}`)
const run = missing === undefined ? describe : describe.skip

const shipped = (name: string): string => readFileSync(join(ROOT, 'deploy/nginx', name), 'utf8')
const read = (file: string): string => readFileSync(file, 'utf8')

run('the nginx files', () => {
  let folder = ''
  const key = () => join(folder, 'nginx.key')
  const cert = () => join(folder, 'nginx.crt')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'postern-nginx-'))
    const made = await inRoom({}, (room) =>
      room.run('make', '-C', ROOT, 'keys', `KEY=${key()}`, `CERT=${cert()}`),
    )
    if (made.code !== 0) throw new Error(made.stderr)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** A room where nginx runs with `files` under /etc/nginx. */
  const withFiles = <T>(
    files: Readonly<Record<string, string>>,
    use: (room: Room, running: Resident) => Promise<T>,
    more: Partial<NginxRoomOptions> = {},
  ): Promise<T> => withNginx(folder, nginx ?? 'nginx', { files, ...more }, use)

  test('V32 S3.9 make keys writes a key and a certificate that belong together and name my-nginx', async () => {
    const [certificate, ofKey, names] = await inRoom({}, async (room) => [
      await room.run('openssl', 'x509', '-in', cert(), '-noout', '-pubkey'),
      await room.run('openssl', 'pkey', '-in', key(), '-pubout'),
      await room.run('openssl', 'x509', '-in', cert(), '-noout', '-ext', 'subjectAltName'),
    ])
    expect(certificate.stdout).toBe(ofKey.stdout)
    for (const name of ['my-nginx', 'nginxsvc', 'localhost']) expect(names.stdout).toContain(`DNS:${name}`)
  })

  const testKubectl = cannotRender === undefined ? test : test.skip
  testKubectl('V33 S3.10 kubectl makes a Secret of type kubernetes.io/tls from them', async () => {
    const args = [
      'create',
      'secret',
      'tls',
      'nginxsecret',
      '--key',
      key(),
      '--cert',
      cert(),
      '--dry-run=client',
      '-o',
      'yaml',
    ]
    const { stdout } = await inRoom({}, (room) => room.run('kubectl', ...args))
    expect(stdout).toMatch(/^ {2}tls\.crt: \S+$/m)
    expect(stdout).toMatch(/^ {2}tls\.key: \S+$/m)
    expect(stdout).toContain('type: kubernetes.io/tls')
    const swapped = await inRoom({}, (room) =>
      room.run(
        'kubectl',
        'create',
        'secret',
        'tls',
        'x',
        '--key',
        cert(),
        '--cert',
        key(),
        '--dry-run=client',
      ),
    )
    expect(swapped.code).not.toBe(0)
  })

  test('V34 V35 S3.11 S3.15 S3.16 default.conf: 80 and 443 serve the page, unknown is 404, my-nginx is trusted by its name', async () => {
    const files = {
      'conf.d/default.conf': shipped('https/default.conf'),
      'ssl/tls.crt': read(cert()),
      'ssl/tls.key': read(key()),
    }
    await withFiles(
      files,
      async (room) => {
        expect(await curlIn(room, 'http://localhost/')).toMatchObject({
          status: 200,
          body: '<h1>the page</h1>',
        })
        expect(await curlIn(room, '-k', 'https://localhost/')).toMatchObject({
          status: 200,
          body: '<h1>the page</h1>',
        })
        expect(await curlIn(room, 'http://localhost/nope')).toMatchObject({ status: 404, location: '' })
        expect(await curlIn(room, '-k', 'https://localhost/nope')).toMatchObject({
          status: 404,
          location: '',
        })
        expect(await curlIn(room, 'http://[::1]/')).toMatchObject({ status: 200 })
        expect(await curlIn(room, 'https://my-nginx', '--cacert', '/etc/nginx/ssl/tls.crt')).toMatchObject({
          code: 0,
          status: 200,
        })
        expect(await curlIn(room, 'https://wrong-name', '--cacert', '/etc/nginx/ssl/tls.crt')).toMatchObject({
          code: 60,
        })
        expect(await curlIn(room, 'https://my-nginx')).toMatchObject({ code: 60 })
      },
      { services: false, names: ['my-nginx', 'wrong-name'] },
    )
  })

  const template = (conf = shipped('frontend/default.conf.template')) =>
    fillTemplate(conf, {
      NGINX_LOCAL_RESOLVERS: DNS_ADDRESS,
      USERS_ADDRESS: 'users-service.default.svc.cluster.local:8080',
      TASKS_ADDRESS: 'tasks-service.default.svc.cluster.local:8000',
    })

  test('S0.40 D12 the frontend’s proxy takes /api off, sends log-in and sign-up to users and the rest to tasks', async () => {
    await withFiles({ 'conf.d/default.conf': template() }, async (room) => {
      const seen = async (path: string) => {
        const { body } = await curlIn(room, `http://localhost${path}`)
        const { service, path: as } = JSON.parse(body) as { service: string; path: string }
        return `${service} ${as}`
      }
      expect(await seen('/api/tasks')).toBe('default/tasks-service:8000 /tasks')
      expect(await seen('/api/tasks?limit=1')).toBe('default/tasks-service:8000 /tasks?limit=1')
      expect(await seen('/api/')).toBe('default/tasks-service:8000 /')
      expect(await seen('/api/login')).toBe('default/users-service:8080 /login')
      expect(await seen('/api/signup')).toBe('default/users-service:8080 /signup')
      expect(await seen('/api/me/password')).toBe('default/users-service:8080 /me/password')
      expect(await seen('/api/loginx')).toBe('default/tasks-service:8000 /loginx')
      expect(await curlIn(room, 'http://localhost/api')).toMatchObject({
        status: 301,
        location: 'http://localhost/api/',
      })
    })
  })

  test('V48 W25 a log-in, a token, a cookie and Basic credentials leave lines in the access log, without secrets', async () => {
    const secrets = { password: 'for-nginx-to-keep-quiet', token: 'a-token-for-nginx.to.forget' }
    keepSecrets(secrets, ['refresh=a-cookie-for-nginx-to-forget'])
    await withFiles({ 'conf.d/default.conf': template() }, async (room, { lines }) => {
      const body = JSON.stringify({ email: 'a@b.c', password: secrets.password })
      const json = ['-H', 'content-type: application/json']
      await curlIn(room, ...json, '-d', body, 'http://localhost/api/login')
      await curlIn(room, '-H', `authorization: Bearer ${secrets.token}`, 'http://localhost/api/tasks')
      await curlIn(
        room,
        '-X',
        'POST',
        '-b',
        'refresh=a-cookie-for-nginx-to-forget',
        'http://localhost/api/refresh',
      )
      await curlIn(room, '-u', `somebody:${secrets.password}`, 'http://localhost/api/me')
      // Too large for nginx, which says so in its error log.
      const large = join(folder, 'large.json')
      writeFileSync(large, body.padEnd(2_000_000))
      await curlIn(room, ...json, '--data-binary', `@${large}`, 'http://localhost/api/signup')
      const access = () => lines.filter((line) => line.includes('HTTP/1.1"'))
      await until('nginx has written its lines', () => access().length >= 5)
      expect(access().join('\n')).toContain('"POST /api/login HTTP/1.1"')
      const words = [secrets.password, secrets.token, 'a-cookie-for-nginx-to-forget']
      expect(lines.filter((line) => words.some((word) => line.includes(word)))).toEqual([])
    })
  })

  test('S0.41 S0.43 W15 pages fall back to index.html, files do not', async () => {
    await withFiles({ 'conf.d/default.conf': template() }, async (room) => {
      expect(await curlIn(room, 'http://localhost/')).toMatchObject({
        status: 200,
        body: '<h1>the page</h1>',
      })
      expect(await curlIn(room, 'http://localhost/some/spa/route')).toMatchObject({
        status: 200,
        body: '<h1>the page</h1>',
      })
      expect(await curlIn(room, 'http://localhost/assets/app.js')).toMatchObject({
        status: 200,
        body: 'the code',
      })
      expect(await curlIn(room, 'http://localhost/assets/missing.js')).toMatchObject({ status: 404 })
    })
  })

  test('S0.33 D11 without any back end the page is served and /api/ answers 502 in JSON', async () => {
    await withFiles(
      { 'conf.d/default.conf': template() },
      async (room) => {
        expect(await curlIn(room, 'http://localhost/')).toMatchObject({ status: 200 })
        const { status, body } = await curlIn(room, 'http://localhost/api/tasks')
        expect([status, JSON.parse(body)]).toEqual([502, { message: expect.any(String) }])
      },
      { services: false },
    )
  })

  test('S0.42 a file in extra-conf.d is picked up', async () => {
    const files = {
      'conf.d/default.conf': template(),
      'extra-conf.d/more.conf': 'location = /more { return 200 "more"; }',
    }
    await withFiles(files, async (room) => {
      expect(await curlIn(room, 'http://localhost/more')).toMatchObject({ status: 200, body: 'more' })
    })
  })

  test('V30 S4.32 the lab’s frontend.conf: /login to auth, the rest to hello, over TLS', async () => {
    const files = { 'conf.d/frontend.conf': shipped('lab/frontend.conf') }
    const tls = join(folder, 'tls')
    mkdirSync(tls, { recursive: true })
    writeFileSync(join(tls, 'cert.pem'), read(cert()))
    writeFileSync(join(tls, 'key.pem'), read(key()))
    const conf = files['conf.d/frontend.conf'].replaceAll('/etc/tls/', `${tls}/`)
    await withFiles({ 'conf.d/frontend.conf': conf }, async (room) => {
      const at = async (path: string) =>
        JSON.parse((await curlIn(room, '--cacert', cert(), `https://localhost${path}`)).body) as Record<
          string,
          unknown
        >
      expect(await at('/')).toMatchObject({ service: 'default/hello:80', path: '/' })
      expect(await at('/secure')).toMatchObject({ service: 'default/hello:80', path: '/secure' })
      expect(await at('/login')).toMatchObject({ service: 'default/auth:80', path: '/login' })
      expect(await at('/')).toMatchObject({
        headers: { host: 'localhost', 'x-forwarded-proto': 'https', 'x-request-id': expect.any(String) },
      })
    })
  })

  test('V29 S4.21 the sidecar’s proxy.conf: HTTPS in front of the monolith on 127.0.0.1:80', async () => {
    const tls = join(folder, 'tls-sidecar')
    mkdirSync(tls)
    writeFileSync(join(tls, 'cert.pem'), read(cert()))
    writeFileSync(join(tls, 'key.pem'), read(key()))
    const conf = shipped('lab/proxy.conf').replaceAll('/etc/tls/', `${tls}/`)
    await withFiles(
      { 'conf.d/proxy.conf': conf },
      async (room) => {
        const one = join(folder, 'monolith.json')
        writeFileSync(one, JSON.stringify([{ name: 'default/monolith', address: '127.0.0.1', port: 80 }]))
        await room.start(
          (line) => line === 'ready',
          process.execPath,
          join(import.meta.dirname, 'room/services.ts'),
          one,
        )
        const { body } = await curlIn(room, '--cacert', cert(), 'https://localhost/secure?a=1')
        expect(JSON.parse(body)).toMatchObject({ service: 'default/monolith:80', path: '/secure?a=1' })
      },
      { services: false },
    )
  })
})
