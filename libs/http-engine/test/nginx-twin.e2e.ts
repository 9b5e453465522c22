import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { exchangeBytes, Proxy, ScriptedUpstream } from './proxy-bench.ts'
import { TWIN_CASES } from './twin-cases.ts'

const NGINX_PORT = 21_380
const hasNginx = spawnSync('nginx', ['-v']).status === 0
if (!hasNginx && process.env['E2E_REQUIRE'] === 'all')
  throw new Error('nginx is required: apt-get install -y nginx')
if (!hasNginx) process.stderr.write('SKIPPED: nginx is missing, the twin test of the engine does not run\n')

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
      if (isChunked ? !rest.endsWith('0\r\n\r\n') : rest.length < length) return
      const data = isChunked ? rest.replace(/^[0-9a-f]+\r\n|\r\n(?:[0-9a-f]+\r\n|$)/gi, '') : rest
      seen.push(`${line} ${data.replace(/\r\n$/, '')}`.trim())
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    })
  })
}

const describeTwin = hasNginx ? describe : describe.skip

describeTwin('our engine and nginx', () => {
  const seen: string[] = []
  const upstream = recorder(seen)
  const folder = mkdtempSync(join(tmpdir(), 'postern-twin-'))
  let proxy: Proxy
  let port = 0
  let nginx: ChildProcess
  beforeAll(async () => {
    const upstreamPort = await upstream.listen()
    proxy = new Proxy(upstreamPort)
    port = await proxy.listen()
    nginx = spawn('nginx', ['-c', configuration(folder, upstreamPort)], { stdio: 'inherit' })
    await listening(NGINX_PORT)
  })
  afterAll(async () => {
    nginx.kill('SIGTERM')
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

  test.each(TWIN_CASES)('$name', async ({ bytes, disagreement }) => {
    const ours = await outcome(port, bytes)
    const theirs = await outcome(NGINX_PORT, bytes)
    if (disagreement === undefined) expect(ours).toEqual(theirs)
    // A disagreement that has gone is to be struck from the list.
    else expect(ours).not.toEqual(theirs)
  })
})

function configuration(folder: string, upstreamPort: number): string {
  const file = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  )
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http { access_log off; ${temporary.join(' ')}
server { listen 127.0.0.1:${String(NGINX_PORT)}; location / { proxy_http_version 1.1; proxy_request_buffering off; proxy_pass http://127.0.0.1:${String(upstreamPort)}; } } }`,
  )
  return file
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
  throw new Error(`nginx does not listen on ${String(port)}`)
}
