import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Listener, TlsIdentity } from '@postern/exchange'
import { makeAuthority, RawClient, tableCertificate, TEST_LIMITS, type TestAuthority } from '@postern/testing'
import { createNodeEngine } from './node-engine.ts'

const engine = createNodeEngine()
let authority: TestAuthority
let listener: Listener
beforeAll(async () => {
  authority = await makeAuthority()
  const [a, b] = [await authority.issue('a.example'), await authority.issue('b.example')]
  const good: TlsIdentity = { certificate: tableCertificate('b', b) }
  const broken: TlsIdentity = { certificate: tableCertificate('a', { certPem: a.certPem, keyPem: b.keyPem }) }
  const nonsense: TlsIdentity = { ...good, ciphers: 'NO-SUCH-CIPHER' }
  const identities: Record<string, TlsIdentity> = { 'b.example': good, 'c.example': nonsense }
  const tls = { select: (name: string | undefined) => identities[name ?? ''] ?? broken }
  listener = await engine.listen(
    { host: '127.0.0.1', port: 0, limits: TEST_LIMITS, tls },
    (exchange) => void engine.reply(exchange, { status: 200, headers: [], body: 'ok' }),
  )
})
afterAll(async () => {
  listener.destroy()
  await listener.stop()
  await engine.close()
})

test.each([
  ['a key that does not fit its certificate', 'a.example'],
  ['ciphers that do not exist', 'c.example'],
  ['the same without a server name', undefined],
])('%s ends the handshake, and the listener goes on', async (_, servername) => {
  const tls = { ...(servername !== undefined && { servername }), rejectUnauthorized: false }
  await expect(RawClient.open({ port: listener.port, tls })).rejects.toThrow()
  const client = await RawClient.open({
    port: listener.port,
    tls: { servername: 'b.example', ca: authority.certPem },
  })
  client.write('GET / HTTP/1.1\r\nHost: b.example\r\n\r\n')
  expect((await client.readResponse()).body).toBe('ok')
  client.close()
})
