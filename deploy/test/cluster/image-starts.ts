// The least that each image needs to start alone, and a request that costs it something.
import { join } from 'node:path'
import { ROOT } from '../read-manifests.ts'
import type { Press } from './press.ts'

export interface Start {
  /** Port and path of its readiness. */
  readonly ready: string
  readonly env?: readonly string[]
  readonly args?: readonly string[]
  /** Folders of this machine → folders of the container, read-only. */
  readonly folders?: Readonly<Record<string, string>>
  /** Where it may write besides /tmp; lost with the container. */
  readonly writable?: readonly string[]
  /** Asks auth about every request: one runs beside it. */
  readonly needsAuth?: boolean
  /** `url` without the address: `:8080/login`; `status` is what it answers when it serves, 200 unless said. */
  readonly press: Omit<Press, 'times' | 'atOnce'> & { readonly times?: number; readonly status?: number }
}

const DEMO = ['DEMO_MODE=true']
const BASIC = `Basic ${Buffer.from('user:password').toString('base64')}`

/** By the name of the Containerfile, or by name and tag where that differs. */
export const STARTS: Readonly<Record<string, Start>> = {
  users: {
    ready: ':81/readiness',
    env: [...DEMO, 'AUTH_STUB=1'],
    writable: ['/app/data'],
    // 401: the stub knows no such token, and to log in would hash here, too.
    press: { url: ':8080/me', headers: { authorization: 'Bearer abc' }, status: 401 },
  },
  auth: {
    ready: ':81/readiness',
    env: DEMO,
    writable: ['/app/data'],
    // Each takes 19 MiB and a fifth of a second here.
    press: {
      url: ':80/passwords/hash',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"password":"testers"}',
      times: 60,
    },
  },
  'auth:2.0.0': {
    ready: ':81/readiness',
    env: DEMO,
    writable: ['/app/data'],
    press: { url: ':80/login', headers: { authorization: BASIC }, times: 80 },
  },
  tasks: {
    ready: ':81/readiness',
    env: DEMO,
    writable: ['/app/tasks'],
    needsAuth: true,
    press: { url: ':8000/tasks', headers: { authorization: 'Bearer abc' } },
  },
  frontend: { ready: ':81/readiness', press: { url: ':80/' } },
  'frontend-nginx': {
    ready: ':80/',
    writable: ['/etc/nginx/conf.d', '/var/cache/nginx', '/run'],
    press: { url: ':80/' },
  },
  hello: { ready: ':81/readiness', env: DEMO, press: { url: ':80/' } },
  monolith: {
    ready: ':81/readiness',
    env: DEMO,
    args: ['-secret=secret'],
    press: { url: ':80/login', headers: { authorization: BASIC }, times: 80 },
  },
  // What it asks is its own health port: an answer at once.
  proxy: { ready: ':81/readiness', env: ['API_URL=http://127.0.0.1:81/info'], press: { url: ':3000/' } },
  'default-backend': { ready: ':81/readiness', press: { url: ':8080/', status: 404 } },
  gateway: {
    ready: ':10254/readyz',
    args: [
      'serve',
      '--manifests=/etc/postern/ingress',
      '--manifests=/etc/postern/services',
      '--http=0.0.0.0:8080',
      '--https=0.0.0.0:8443',
      '--admin=0.0.0.0:10254',
      '--service-dns',
    ],
    folders: {
      [join(ROOT, 'ingress')]: '/etc/postern/ingress',
      [join(ROOT, 'deploy/base')]: '/etc/postern/services',
    },
    press: { url: ':8080/', headers: { host: 'demo.postern.test' }, times: 2_000, status: 308 },
  },
}
