// Runs inside `unshare -nm`: a network of its own, where port 80 is free, and a hosts file of its own.
// usage: node in-namespace.ts CASE FOLDER      prints one line of JSON: the status and body of every step
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChild, type Child } from '../../dev/child.ts'
import type { AppPlan } from '../../dev/plan-apps.ts'
import { waitUntilReady } from '../../dev/wait-until-ready.ts'
import { ask } from '../ask.ts'
import { AUTH_IP, MATRIX, type DiscoveryCase } from './matrix.ts'

const root = join(import.meta.dirname, '../../..')

function prepareNamespace({ names }: DiscoveryCase, folder: string): void {
  execFileSync('ip', ['link', 'set', 'lo', 'up'])
  const hosts = join(folder, 'hosts')
  writeFileSync(hosts, ['127.0.0.1 localhost', ...names.map((name) => `${AUTH_IP} ${name}`), ''].join('\n'))
  execFileSync('mount', ['--bind', hosts, '/etc/hosts'])
}

function plan(name: string, port: number, host: string, env: Readonly<Record<string, string>>): AppPlan {
  const healthPort = port + 1
  const fixed = { HOST: host, PORT: String(port), HEALTH_PORT: String(healthPort), DEMO_MODE: 'true' }
  return {
    name,
    folder: `apps/${name}`,
    stopStage: 0,
    address: { host, port },
    services: [],
    args: [],
    readyUrl: `http://${host}:${healthPort}/readiness`,
    env: { ...fixed, ...env },
  }
}

/** V7, V4 and V5: signup and login at users, store and list at tasks. */
async function walk(): Promise<readonly (readonly [number, string])[]> {
  const account = { email: 'aaa@aaa.com', password: 'aaa' }
  const headers = { authorization: 'Bearer abc' }
  const answers = [
    await ask('http://localhost:8080/signup', { body: account }),
    await ask('http://localhost:8080/login', { body: account }),
    await ask('http://localhost:8000/tasks', {
      headers,
      body: { title: 'Do this,too', text: 'A second task' },
    }),
    await ask('http://localhost:8000/tasks', { headers }),
  ]
  return answers.map(({ status, text }) => [status, text])
}

async function run(chosen: DiscoveryCase, folder: string): Promise<void> {
  prepareNamespace(chosen, folder)
  const data = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true })
    return join(folder, name)
  }
  const apps = [
    plan('auth', 80, chosen.samePod === true ? '127.0.0.1' : AUTH_IP, { JWT_KEY_FOLDER: data('auth') }),
    plan('users', 8080, '127.0.0.1', {
      DATABASE_URL: `sqlite:${join(data('users'), 'users.db')}`,
      ...chosen.env,
    }),
    plan('tasks', 8000, '127.0.0.1', { TASKS_FOLDER: data('tasks'), ...chosen.env }),
  ]
  const log: string[] = []
  const children: Child[] = apps.map((app) =>
    startChild(app, { root, fromSource: true, onLine: (name, line) => log.push(`${name} ${line}`) }),
  )
  try {
    await Promise.all(children.map((child) => waitUntilReady(child, 60_000)))
    console.log(JSON.stringify({ steps: await walk(), log }))
  } finally {
    await Promise.all(children.map((child) => child.stop(5000)))
  }
}

const [id, folder] = process.argv.slice(2)
const chosen = MATRIX.find((one) => one.id === id)
if (chosen === undefined || folder === undefined) {
  console.error(`usage: node in-namespace.ts ${MATRIX.map((one) => one.id).join('|')} FOLDER`)
  process.exitCode = 2
} else await run(chosen, folder)
