import { afterEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { connect as connectTcp, createServer, type Socket } from 'node:net'
import { connect } from 'node:tls'
import { freePort, makeAuthority, tableCertificate } from '@postern/testing'
import { TlsTerminals } from './tls-terminals.ts'

const open: (() => unknown)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** Both ends of a connection from 127.0.0.3 and a port of it to an address. */
async function joined(host: string, port: number, localPort: number): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(port, host)
  await once(server, 'listening')
  const client = connectTcp({ host, port, localAddress: '127.0.0.3', localPort })
  const [accepted] = (await once(server, 'connection')) as [Socket]
  open.push(
    () => server.close(),
    () => client.destroy(),
    () => accepted.destroy(),
  )
  return [client, accepted]
}

// Elsewhere only one address of 127.0.0.0/8 is there.
const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('connections from one port of a peer to two of our addresses are told apart', async () => {
  const authority = await makeAuthority()
  const certificate = tableCertificate('a', await authority.issue('a.example'))
  const terminals = new TlsTerminals(10_000)
  const port = await freePort()
  const localPort = await freePort()
  const pairs = [await joined('127.0.0.1', port, localPort), await joined('127.0.0.2', port, localPort)]
  const secured = pairs.map(
    ([, accepted]) =>
      new Promise((resolve) =>
        // Two hosts with one certificate may ask for clients' certificates by different authorities.
        terminals.secure(accepted, { certificate }, ({ localAddress }) => resolve(localAddress)),
      ),
  )
  for (const [socket] of pairs) {
    const client = connect({ socket, servername: 'a.example', ca: authority.certPem })
    await once(client, 'secureConnect')
  }
  expect(await Promise.all(secured)).toEqual(['127.0.0.1', '127.0.0.2'])
})
