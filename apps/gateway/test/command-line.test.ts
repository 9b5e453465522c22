import { afterEach, describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
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
    'serve: ready line, requests, SIGTERM finishes what is in flight, exit 0',
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

      running.child.kill('SIGTERM')
      expect(await running.code).toBe(0)
      await upstream.close()
      await rm(folder, { recursive: true })
    },
    PATIENCE_MS,
  )
})
