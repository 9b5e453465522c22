import { afterEach, describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ingress, RawClient, rawRequest, serviceAt, startUpstream, toYaml, until } from '@postern/testing'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

interface Running {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  readonly code: Promise<number | null>
}

const started: Running[] = []

function postern(...args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--conditions=@postern/source', MAIN, ...args], { stdio: 'pipe' })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const code = once(child, 'close').then(([exitCode]) => exitCode as number | null)
  const running = { child, out: () => out, err: () => err, code }
  started.push(running)
  return running
}

afterEach(async () => {
  for (const { child, code } of started.splice(0)) {
    child.kill('SIGKILL')
    await code
  }
})

// A process that loads everything from source takes its time on a machine that is busy with other tests.
const PATIENCE_MS = 60_000

const ANY = ['--http', '0', '--https', '0', '--admin', '0']

async function readyPort(running: Running): Promise<number> {
  const line = await until(
    'the ready line is there',
    () => /^\{"msg":"ready".*\}$/m.exec(running.out())?.[0],
    PATIENCE_MS,
  )
  const ready = JSON.parse(line) as { http: string; https: string; admin: string }
  expect(ready.admin).toMatch(/^127\.0\.0\.1:\d+$/)
  return Number(ready.http.split(':')[1])
}

describe('postern', () => {
  test(
    'serve: ready line, requests, SIGHUP is told, SIGTERM finishes what is in flight, exit 0',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'postern-cli-'))
      let finish: (() => void) | undefined
      const upstream = await startUpstream('shop', {
        respond: (request, response) => {
          if (request.target === '/slow') finish = () => response.end('late')
          else response.end('now')
        },
      })
      const rules = [{ host: 'shop.example', paths: [{ service: 'shop' }] }]
      await writeFile(
        join(folder, 'all.yaml'),
        toYaml(...serviceAt('shop', [upstream.endpoint]), ingress({ name: 'shop', rules })),
      )
      const running = postern('serve', '--manifests', folder, ...ANY)
      const port = await readyPort(running)
      expect((await rawRequest({ port }, 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')).body).toBe('now')
      running.child.kill('SIGHUP')
      await until('it says that it was asked to read again', () =>
        running.out().includes('"signal":"SIGHUP"'),
      )

      const busy = await RawClient.open({ port })
      busy.write('GET /slow HTTP/1.1\r\nHost: shop.example\r\n\r\n')
      const release = await until('the slow request arrived', () => finish)
      running.child.kill('SIGTERM')
      await until('new connections are refused', () =>
        RawClient.open({ port }).then(
          (client) => client.close(),
          () => true,
        ),
      )
      release()
      expect(await busy.readResponse()).toMatchObject({ status: 200, body: 'late' })
      expect(await running.code).toBe(0)
      expect(running.out()).toContain('"msg":"access"')
      await upstream.close()
      await rm(folder, { recursive: true })
    },
    PATIENCE_MS,
  )

  test(
    'workers share the ports, are one gateway on the admin port, and stop together',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'postern-cli-'))
      const upstream = await startUpstream('shop')
      const rules = [{ host: 'shop.example', paths: [{ service: 'shop' }] }]
      await writeFile(
        join(folder, 'all.yaml'),
        toYaml(...serviceAt('shop', [upstream.endpoint]), ingress({ name: 'shop', rules })),
      )
      const running = postern('serve', '--manifests', folder, '--workers', '2', ...ANY)
      const port = await readyPort(running)
      for (let i = 0; i < 20; i++) {
        expect((await rawRequest({ port }, 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')).body).toBe(
          'shop /',
        )
      }
      const admin = Number(/"admin":"127\.0\.0\.1:(\d+)"/.exec(running.out())?.[1])
      // A request is counted when its last byte has left, which may be after the client has it.
      await until('all requests are counted', async () => {
        const { body } = await rawRequest({ port: admin }, 'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n')
        return /postern_requests_total\{[^}]*ingress="shop"[^}]*\} 20\n/.test(body)
      })
      expect(running.out().match(/"msg":"table"/g)).toHaveLength(1)
      const { body } = await rawRequest(
        { port: admin },
        'GET /explain?url=http://shop.example/ HTTP/1.1\r\nHost: a\r\n\r\n',
      )
      expect(body).toContain('shop.example')

      running.child.kill('SIGTERM')
      expect(await running.code).toBe(0)
      await upstream.close()
      await rm(folder, { recursive: true })
    },
    PATIENCE_MS,
  )

  const canList = existsSync('/proc/self/task')
  ;(canList ? test : test.skip)(
    'a worker that ends by itself is started again, with the table in use, while the others serve',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'postern-cli-'))
      const upstream = await startUpstream('shop')
      const rules = (host: string) => [{ host, paths: [{ service: 'shop' }] }]
      const shop = toYaml(
        ...serviceAt('shop', [upstream.endpoint]),
        ingress({ name: 'a', rules: rules('a.example') }),
      )
      await writeFile(join(folder, 'all.yaml'), shop)
      const running = postern('serve', '--manifests', folder, '--workers', '2', ...ANY)
      const port = await readyPort(running)
      const ask = async (host: string) =>
        (await rawRequest({ port }, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).status
      await writeFile(join(folder, 'more.yaml'), toYaml(ingress({ name: 'b', rules: rules('b.example') })))
      await until('both workers have the new host', async () => {
        const all = await Promise.all(Array.from({ length: 8 }, () => ask('b.example')))
        return all.every((status) => status === 200)
      })
      const workers = childrenOf(running.child.pid ?? 0).filter((pid) => commandOf(pid).includes('worker'))
      expect(workers).toHaveLength(2)
      process.kill(workers[1] ?? 0, 'SIGKILL')
      await until('it serves again', () => running.out().includes('a worker serves again'))
      expect(running.out()).toContain('a worker ended by itself')
      for (let i = 0; i < 20; i++) expect(await ask('b.example')).toBe(200)
      running.child.kill('SIGTERM')
      expect(await running.code).toBe(0)
      await upstream.close()
      await rm(folder, { recursive: true })
    },
    PATIENCE_MS,
  )
})

function childrenOf(pid: number): number[] {
  const listed = readdirSync(`/proc/${String(pid)}/task`).map((thread) =>
    readFileSync(`/proc/${String(pid)}/task/${thread}/children`, 'latin1'),
  )
  return listed.join(' ').split(/\s+/).filter(Boolean).map(Number)
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1').replaceAll('\0', ' ')
}
