import { describe, expect, test } from '@jest/globals'
import { issueLabToken } from '@postern/lab-routes'
import { startApp } from '@postern/testing'
import { hostname } from 'node:os'

async function bodyOf(url: string, init?: RequestInit): Promise<string> {
  return (await fetch(url, init)).text()
}

describe('hello as a process', () => {
  test('S4.32 answers the lab: greeting, version, and /secure with a token of the same secret', async () => {
    const hello = await startApp({ folder: 'apps/hello', env: { VERSION: '2.0.0' }, args: ['-secret=other'] })
    expect(await bodyOf(`${hello.url}/any`)).toBe('{"message":"Hello"}\n')
    expect(await bodyOf(`${hello.url}/version`)).toBe('{"version":"2.0.0"}\n')
    const token = await issueLabToken({ username: 'user', email: 'user@example.com' }, 'other')
    const headers = { authorization: `Bearer ${token}` }
    expect(await bodyOf(`${hello.url}/secure`, { headers })).toBe('{"message":"Hello"}\n')
    expect(await bodyOf(`${hello.url}/secure`)).toBe('authorization failed\n')
    // Logging in is auth's part: here it is a path like any other.
    expect(await bodyOf(`${hello.url}/login`)).toBe('{"message":"Hello"}\n')
    expect(await hello.stop()).toBe(0)
  })

  test('S1.18 answers HELLO_TEXT on every path, without a secret', async () => {
    const text = 'Hello, world!\nVersion: {version}\nHostname: {hostname}\n'
    const hello = await startApp({ folder: 'apps/hello', env: { HELLO_TEXT: text } })
    for (const path of ['/', '/v2', '/version']) {
      expect(await bodyOf(hello.url + path)).toBe(`Hello, world!\nVersion: 1.0.0\nHostname: ${hostname()}\n`)
    }
    await hello.stop()
  })

  test('W31 starts with the variables that Kubernetes injects for a Service of its name', async () => {
    const env = {
      DEMO_MODE: '1',
      HELLO_PORT: 'tcp://10.0.0.1:80',
      AUTH_PORT: 'tcp://10.0.0.2:80',
      FRONTEND_PORT: 'tcp://10.0.0.3:443',
    }
    const hello = await startApp({ folder: 'apps/hello', env })
    expect((await fetch(hello.url)).status).toBe(200)
    await hello.stop()
  })
})
