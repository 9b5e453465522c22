import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { freePort } from '@postern/testing'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { exchangeBytes, Proxy, ScriptedUpstream } from './proxy-bench.ts'
import { TWIN_CASES, type TwinCase } from './twin-cases.ts'

/** Another proxy, told to forward everything to one upstream. */
interface Twin {
  readonly name: Exclude<keyof TwinCase, 'name' | 'bytes'>
  readonly args: (file: string) => readonly string[]
  readonly configuration: (folder: string, port: number, upstreamPort: number) => string
}

const TWINS: readonly Twin[] = [
  {
    name: 'nginx',
    args: (file) => ['-c', file],
    configuration: (folder, port, upstreamPort) => {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      )
      return `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http { access_log off; ${temporary.join(' ')}
server { listen 127.0.0.1:${String(port)}; location / { proxy_http_version 1.1; proxy_request_buffering off; proxy_pass http://127.0.0.1:${String(upstreamPort)}; } } }`
    },
  },
  {
    name: 'haproxy',
    args: (file) => ['-f', file],
    configuration: (_, port, upstreamPort) => `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend f
  bind 127.0.0.1:${String(port)}
  default_backend b
backend b
  server s 127.0.0.1:${String(upstreamPort)}
`,
  },
]

function isInstalled(name: string): boolean {
  if (spawnSync(name, ['-v']).status === 0) return true
  if (process.env['E2E_REQUIRE'] === 'all') throw new Error(`${name} is required: apt-get install -y ${name}`)
  process.stderr.write(`SKIPPED: ${name} is missing, its twin test of the engine does not run\n`)
  return false
}

/** Request lines and bodies, as an upstream saw them: it answers each head it can find and closes. */
function recorder(seen: string[]): ScriptedUpstream {
  return new ScriptedUpstream((socket) => {
    let bytes = ''
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.toString('latin1')
      const match = /^(\S+ \S+) HTTP\/1\.[01]\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(bytes)
      if (match === null) return
      const [, line = '', head = '', rest = ''] = match
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
      const isChunked = /^transfer-encoding:/im.test(head)
      // Trailers are nobody's data.
      const [, chunks] = /^([\s\S]*0\r\n)(?:[\w-]+: .*\r\n)*\r\n$/.exec(rest) ?? []
      if (isChunked ? chunks === undefined : rest.length < length) return
      const data = chunks?.replace(/^[0-9a-f]+\r\n|\r\n(?:[0-9a-f]+\r\n|$)/gi, '') ?? rest
      seen.push(`${line} ${data.replace(/\r\n$/, '')}`.trim())
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    })
  })
}

for (const twin of TWINS) {
  const describeTwin = isInstalled(twin.name) ? describe : describe.skip

  describeTwin(`our engine and ${twin.name}`, () => {
    const seen: string[] = []
    const upstream = recorder(seen)
    const folder = mkdtempSync(join(tmpdir(), 'postern-twin-'))
    let proxy: Proxy
    let [port, twinPort] = [0, 0]
    let other: ChildProcess
    beforeAll(async () => {
      const upstreamPort = await upstream.listen()
      proxy = new Proxy(upstreamPort)
      port = await proxy.listen()
      twinPort = await freePort()
      const file = join(folder, 'configuration')
      writeFileSync(file, twin.configuration(folder, twinPort, upstreamPort))
      other = spawn(twin.name, twin.args(file), { stdio: 'inherit' })
      await listening(twinPort)
    })
    afterAll(async () => {
      other.kill('SIGTERM')
      await proxy.close()
      upstream.close()
      rmSync(folder, { recursive: true, force: true })
    })

    async function outcome(at: number, bytes: string): Promise<{ accepted: boolean[]; seen: string[] }> {
      seen.length = 0
      const end = 'GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
      const answer = await exchangeBytes(at, [bytes + end])
      const statuses = answer.match(/HTTP\/1\.1 \d{3}/g) ?? []
      return { accepted: statuses.map((status) => status.endsWith('200')), seen: [...seen] }
    }

    test.each(TWIN_CASES)('$name', async ({ bytes, [twin.name]: disagreement }) => {
      const ours = await outcome(port, bytes)
      const theirs = await outcome(twinPort, bytes)
      if (disagreement === undefined) expect(ours).toEqual(theirs)
      // A disagreement that has gone is to be struck from the list.
      else expect(ours).not.toEqual(theirs)
    })
  })
}

async function listening(port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (isUp) return
    await wait(50)
  }
  throw new Error(`nothing listens on ${String(port)}`)
}
