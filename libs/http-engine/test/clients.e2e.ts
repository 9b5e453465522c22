import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Proxy, ScriptedUpstream } from './proxy-bench.ts'

/** Clients that other people wrote, through the engine. */
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const missing = ['curl', 'wrk', 'h2load', 'chromium'].filter((program) => !has(program))
if (missing.length > 0 && process.env['E2E_REQUIRE'] === 'all')
  throw new Error(`required: ${missing.join(', ')}`)
if (missing.length > 0)
  process.stderr.write(`SKIPPED: ${missing.join(', ')} missing, their tests do not run\n`)
const testWith = (program: string) => (has(program) ? test : test.skip)

describe('real clients', () => {
  const upstream = new ScriptedUpstream((socket) =>
    socket.on('data', (bytes: Buffer) => answer(socket, bytes)),
  )
  let proxy: Proxy
  let url = ''
  const home = mkdtempSync(join(tmpdir(), 'postern-chromium-'))
  beforeAll(async () => {
    proxy = new Proxy(await upstream.listen(), { limits: { maxRequestsPerConnection: 1_000_000 } })
    url = `http://127.0.0.1:${String(await proxy.listen())}`
  })
  afterAll(async () => {
    await proxy.close()
    upstream.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  })

  testWith('curl').each([['--http1.1'], ['--http1.0'], ['--http1.1', '--data', 'a=b'], ['-I']])(
    'curl %s %s',
    async (...options) => {
      const output = await run('curl', ['-s', '-m', '10', '-w', ' %{http_code}', ...options, url])
      expect(output).toMatch(options.includes('-I') ? /200$/ : /ok 200$/)
    },
  )

  testWith('wrk')('wrk', async () => {
    const output = await run('wrk', ['-t1', '-c32', '-d1s', url])
    expect(Number(/(\d+) requests in/.exec(output)?.[1])).toBeGreaterThan(100)
    expect(output).not.toMatch(/Socket errors|Non-2xx/)
  })

  testWith('h2load')('h2load --h1', async () => {
    const output = await run('h2load', ['--h1', '-n', '2000', '-c', '20', '-m', '4', url])
    expect(output).toContain('2000 succeeded, 0 failed, 0 errored')
  })

  testWith('chromium')('Chromium reads a page, what it loads, and a WebSocket', async () => {
    const options = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${home}`]
    const output = await run('chromium', [
      ...options,
      '--virtual-time-budget=10000',
      '--dump-dom',
      `${url}/page`,
    ])
    expect(output).toContain('<p id="script">loaded</p>')
    expect(output).toContain('<p id="fetch">ok</p>')
    expect(output).toContain('<p id="socket">hello</p>')
  })

  test('a WebSocket', async () => {
    const socket = new WebSocket(url.replace('http', 'ws'))
    await once(socket as unknown as EventTarget as never, 'open')
    socket.send('x'.repeat(100))
    const [event] = (await once(socket as unknown as EventTarget as never, 'message')) as [MessageEvent]
    expect(event.data).toBe('x'.repeat(100))
    socket.close()
  })
})

const PAGE = `<!doctype html><p id="script"></p><p id="fetch"></p><p id="socket"></p>
<script>
  const tell = (id, text) => (document.getElementById(id).textContent = text)
  fetch('/data', { method: 'POST', body: 'x=y' }).then((r) => r.text()).then((text) => tell('fetch', text))
  const socket = new WebSocket(location.origin.replace('http', 'ws'))
  socket.onopen = () => socket.send('hello')
  socket.onmessage = ({ data }) => tell('socket', data)
</script><script src="/script.js"></script>`
const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/page': ['text/html', PAGE],
  '/script.js': ['text/javascript', "tell('script', 'loaded')"],
}

function answer(socket: Socket, bytes: Buffer): void {
  const text = bytes.toString('latin1')
  const key = /^sec-websocket-key: *(\S+)/im.exec(text)?.[1]
  if (key !== undefined) {
    // RFC 6455 §4.2.2
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    return
  }
  const isFrame = (bytes[1] ?? 0) >= 0x80 && bytes[0] !== undefined && bytes[0] >= 0x80
  if (isFrame) return echoFrame(socket, bytes)
  for (const [, method, target = ''] of text.matchAll(/(\w+) (\S+) HTTP\/1\.1\r\n/g)) {
    const [type, body] = FILES[target] ?? ['text/plain', 'ok']
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${String(body.length)}\r\n\r\n`
    socket.write(method === 'HEAD' ? head : head + body)
  }
}

// A short masked frame goes back unmasked (RFC 6455 §5.2).
function echoFrame(socket: Socket, bytes: Buffer): void {
  const length = (bytes[1] ?? 0) & 127
  const mask = bytes.subarray(2, 6)
  const data = bytes.subarray(6, 6 + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  socket.write(Buffer.concat([Buffer.from([bytes[0] ?? 0, length]), data]))
}

async function run(program: string, options: readonly string[]): Promise<string> {
  const child = spawn(program, options)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await once(child, 'close')
  return output
}
