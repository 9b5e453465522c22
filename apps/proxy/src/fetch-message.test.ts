import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fetchMessage } from './fetch-message.ts'

let upstream: Server
let address: URL
let listener: RequestListener
beforeAll(async () => {
  upstream = createServer((request, reply) => listener(request, reply))
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  address = new URL(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`)
})
afterAll(() => {
  upstream.closeAllConnections()
  upstream.close()
})

test.each<[string, RequestListener]>([
  ['no answer', () => undefined],
  ['half an answer', (_, reply) => void reply.write('Hel')],
])('%s is a 504 when the deadline passes', async (_what, answer) => {
  listener = answer
  await expect(fetchMessage(address, { timeoutMs: 50, requestId: 'a' })).rejects.toMatchObject({
    status: 504,
    message: 'The upstream service did not answer within 50 ms.',
  })
})
