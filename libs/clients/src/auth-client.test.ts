import { afterEach, describe, expect, test } from '@jest/globals'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthClient, type AuthClient } from './auth-client.ts'
import { CallError } from './call-error.ts'

let server: Server | undefined
let client: AuthClient | undefined

afterEach(async () => {
  await client?.close()
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

async function startAuth(answer: RequestListener, deadlineMs = 5_000): Promise<AuthClient> {
  const listening = createServer(answer).listen(0, '127.0.0.1')
  server = listening
  await new Promise((resolve) => listening.once('listening', resolve))
  const { port } = listening.address() as AddressInfo
  client = createAuthClient({ origin: `http://127.0.0.1:${port}`, deadlineMs })
  return client
}

const answering =
  (status: number, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof CallError ? error.failure : error),
  )

describe('the client of auth', () => {
  test.each([
    ['and sessions', { sessions: ['s1'] }, ['s1']],
    ['of an auth that tells no sessions', {}, []],
  ])('gives the ended accounts %s', async (_what, more, sessions) => {
    const ended = [{ uid: 'u7', endedAtMs: 5 }]
    const auth = await startAuth(answering(200, JSON.stringify({ message: 'x', ended, ...more })))
    expect(await auth.tokenEnds()).toEqual({ accounts: ended, sessions })
  })

  test.each([
    [404, '{"message":"There is nothing at this address."}', 'bad-answer'],
    [200, '{"message":"x","ended":[{"uid":"u7"}]}', 'bad-answer'],
    [200, '{"message":"x","ended":[],"sessions":[7]}', 'bad-answer'],
    [503, '{"message":"x"}', 'unreachable'],
  ])('takes %d %s for no list of ends', async (status, body, failure) => {
    const auth = await startAuth(answering(status, body))
    expect(await failureOf(auth.tokenEnds())).toBe(failure)
  })

  test('sends secrets in the body, the context in headers', async () => {
    let seen: unknown
    const auth = await startAuth((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        seen = [request.url, request.headers['x-request-id'], Buffer.concat(chunks).toString()]
        response.end('{"message":"Valid token.","uid":"u1"}')
      })
    })
    expect(await auth.verifyToken('../hashed-password/x', { requestId: 'r1' })).toMatchObject({ uid: 'u1' })
    expect(seen).toEqual(['/tokens/verify', 'r1', '{"token":"../hashed-password/x"}'])
  })

  test('takes 401 as a verdict', async () => {
    const auth = await startAuth(answering(401, '{"message":"Token invalid."}'))
    expect(await auth.verifyToken('x')).toBeUndefined()
  })

  test.each([
    ['an empty uid (W9)', 200, '{"message":"Valid token.","uid":""}'],
    ['no uid', 200, '{"message":"Valid token."}'],
    ['another status', 302, '{}'],
    ['an error', 500, '{"message":"x"}'],
    ['HTML', 200, '<html></html>'],
    ['nothing', 200, ''],
    ['two megabytes', 200, JSON.stringify({ message: 'x', uid: 'u'.repeat(2_000_000) })],
  ])('takes %s for no answer', async (_what, status, body) => {
    const auth = await startAuth(answering(status, body))
    expect(await failureOf(auth.verifyToken('x'))).toBe('bad-answer')
  })

  test('gives up at its deadline', async () => {
    const auth = await startAuth(() => {}, 50)
    expect(await failureOf(auth.hashPassword('x'))).toBe('timeout')
  })

  test('repeats a call whose connection broke, but never the use of a refresh token', async () => {
    let calls = 0
    const auth = await startAuth((request, response) => {
      calls += 1
      if (calls % 2 === 1) request.socket.destroy()
      else response.end('{"hash":"$argon2id$"}')
    })
    expect(await auth.hashPassword('x')).toBe('$argon2id$')
    expect(calls).toBe(2)
    expect(await failureOf(auth.refresh('x'))).toBe('unreachable')
    expect(calls).toBe(3)
  })

  test('leaves a service alone after failures in a row', async () => {
    let calls = 0
    const auth = await startAuth((request) => {
      calls += 1
      request.socket.destroy()
    })
    for (let index = 0; index < 10; index += 1) expect(await failureOf(auth.refresh('x'))).toBe('unreachable')
    expect(calls).toBe(5)
  })
})
