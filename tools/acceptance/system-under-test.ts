// The real `npm start`, as a process of its own with its own folders and ports.
import { keepOutput } from '@postern/testing/test-logs'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fixedPorts, takenPorts, type FixedPorts } from '../dev/addresses.ts'
import type { Running } from '../dev/running-file.ts'
import { ask, type Answer, type Question } from './ask.ts'

export interface SystemUnderTest {
  readonly offset: number
  readonly ports: FixedPorts
  readonly running: Running
  /** A copy of ingress/ that the gateway serves; tests may edit it. */
  readonly ingressFolder: string
  readonly authorityFile: string
  /** Its text. */
  readonly ca: string
  /** Everything it printed so far. */
  output(): string
  /** Asks through the gateway over HTTPS: `https('demo.localhost', '/api/login', …)`. */
  https(host: string, path: string, question?: Question): Promise<Answer>
  http(host: string, path: string, question?: Question): Promise<Answer>
  /** Asks an app's own port. */
  direct(port: number, path: string, question?: Question): Promise<Answer>
  /** Sends the signal that Ctrl-C sends and resolves with the exit code. */
  interrupt(): Promise<number | null>
  remove(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

export function runDev(args: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'tools/dev.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A task runner may force colours upon its tasks; the tests read plain lines.
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })
  keepOutput('npm-start', child)
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, exited, output: () => text }
}

/** Starts it from the sources and waits until it says that it is up. */
export async function startSystemUnderTest(args: readonly string[] = []): Promise<SystemUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-system-'))
  const ingressFolder = join(folder, 'ingress')
  const stateFolder = join(folder, 'state')
  await cp(join(root, 'ingress'), ingressFolder, { recursive: true })
  const offset = await freeOffset()
  const options = [
    '--from-source',
    '--port-offset',
    String(offset),
    '--state',
    stateFolder,
    '--ingress',
    ingressFolder,
  ]
  const dev = runDev([...options, ...args])
  const isUp = await until(() => dev.output().includes('Ctrl-C stops everything'), dev.exited)
  if (!isUp) throw new Error(`the system did not start:\n${dev.output()}`)

  const ports = fixedPorts(offset)
  const authorityFile = join(stateFolder, 'certs/ca.crt')
  const ca = await readFile(authorityFile, 'utf8')
  return {
    offset,
    ports,
    ingressFolder,
    authorityFile,
    ca,
    running: JSON.parse(await readFile(join(stateFolder, 'system.json'), 'utf8')) as Running,
    output: dev.output,
    https: (host, path, question) => ask(`https://${host}:${ports.https}${path}`, { ca, ...question }),
    http: (host, path, question) => ask(`http://${host}:${ports.http}${path}`, question),
    direct: (port, path, question) => ask(`http://localhost:${port}${path}`, question),
    interrupt: () => {
      dev.child.kill('SIGINT')
      return dev.exited
    },
    remove: async () => {
      dev.child.kill('SIGKILL')
      await dev.exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** An offset at which every fixed port is free, below the range that the system hands out by itself. */
export async function freeOffset(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const offset = 11_000 + Math.floor(Math.random() * 8000)
    if ((await takenPorts(fixedPorts(offset))).length === 0) return offset
  }
  throw new Error('no free range of ports found')
}

async function until(holds: () => boolean, ended: Promise<unknown>): Promise<boolean> {
  let isOver = false
  void ended.then(() => (isOver = true))
  const deadline = Date.now() + 90_000
  while (!isOver && Date.now() < deadline) {
    if (holds()) return true
    await delay(50)
  }
  return holds()
}
