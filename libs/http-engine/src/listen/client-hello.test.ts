import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { readClientHello } from './client-hello.ts'

/** The first bytes of a real client. */
async function hello(servername: string | undefined): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect({ port, host: '127.0.0.1', ...(servername !== undefined && { servername }) })
  client.on('error', () => undefined)
  const [socket] = (await once(server, 'connection')) as [Socket]
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

test('the server name is read once the whole hello is there, and not before', async () => {
  const bytes = await hello('Shop.Example')
  expect(readClientHello(bytes)).toEqual({ serverName: 'shop.example' })
  for (let end = 0; end < bytes.length; end++)
    expect(readClientHello(bytes.subarray(0, end))).toBe('incomplete')
})

test('a hello that is cut into records is read as one', async () => {
  const bytes = await hello('shop.example')
  const message = bytes.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += 100) {
    const part = message.subarray(at, at + 100)
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part)
  }
  expect(readClientHello(Buffer.concat(records))).toEqual({ serverName: 'shop.example' })
})

test.each([
  ['empty', 0],
  ['one byte long', 1],
])('a hello in thousands of records that are %s is looked at once, not again for each', (_, length) => {
  const record = Buffer.from([22, 3, 1, 0, length, ...Array.from({ length }, () => 0)])
  const begun = Buffer.from([22, 3, 1, 0, 4, 1, 0, 255, 255])
  const few = Buffer.concat([begun, ...Array.from({ length: 63 }, () => record)])
  expect(readClientHello(few)).toBe('incomplete')
  expect(readClientHello(Buffer.concat([few, record]))).toEqual({ serverName: undefined })
})

test('no name, no hello and broken hellos are left to the TLS library', async () => {
  expect(readClientHello(await hello(undefined))).toEqual({ serverName: undefined })
  expect(readClientHello(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toEqual({ serverName: undefined })
  const bytes = await hello('shop.example')
  for (let at = 9; at < bytes.length; at += 3) {
    const broken = Buffer.from(bytes)
    broken[at] = 255
    expect(() => readClientHello(broken)).not.toThrow()
  }
})
