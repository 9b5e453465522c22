import { beforeAll, describe, expect, test } from '@jest/globals'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { ConnectionFacts, TlsIdentity, TlsTermination } from '@postern/exchange'
import { makeAuthority, tableCertificate, type TestAuthority, type TestCertificate } from '../certificate.ts'
import type { EngineBench } from './bench.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'

/** TLS on both sides: choice by server name, swaps, client certificates, verification of upstreams. */
export function tlsSuite(bench: EngineBench): void {
  describe('TLS', () => {
    let authority: TestAuthority
    let a: TestCertificate
    let b: TestCertificate
    beforeAll(async () => {
      authority = await makeAuthority()
      a = await authority.issue('a.example')
      b = await authority.issue('b.example')
    })

    async function serveTls(tls: TlsTermination): Promise<{ port: number; facts: ConnectionFacts[] }> {
      const facts: ConnectionFacts[] = []
      const { port } = await bench.listen(
        (exchange) => {
          facts.push(exchange.connection)
          void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
        },
        { tls },
      )
      return { port, facts }
    }

    test('the certificate is chosen by server name, the facts tell what was negotiated', async () => {
      const identities: Record<string, TlsIdentity> = {
        'a.example': { certificate: tableCertificate('a', a) },
        'b.example': { certificate: tableCertificate('b', b) },
      }
      const { port, facts } = await serveTls({ select: (name) => identities[name ?? 'a.example'] })
      for (const servername of ['a.example', 'b.example']) {
        const client = await bench.connect({ port, tls: { servername, ca: authority.certPem } })
        client.write(GET)
        expect((await client.readResponse()).body).toBe('ok')
      }
      expect(facts[1]).toMatchObject({
        scheme: 'https',
        tls: { serverName: 'b.example', protocol: 'TLSv1.3' },
      })
      expect(facts[1]?.tls?.client).toBeUndefined()
    })

    test('a handshake without server name gets what select(undefined) says at that moment', async () => {
      let current: TlsIdentity = { certificate: tableCertificate('a', a) }
      const { port } = await serveTls({ select: () => current })
      expect(await servedNames(bench, port)).toContain('a.example')
      current = { certificate: tableCertificate('b', b) }
      expect(await servedNames(bench, port)).toContain('b.example')
    })

    test('a connection that outlives a swap keeps its certificate, new ones get the new', async () => {
      let current: TlsIdentity = { certificate: tableCertificate('a', a) }
      const { port } = await serveTls({ select: () => current })
      const early = await bench.connect({ port, tls: { servername: 'a.example', ca: authority.certPem } })
      current = { certificate: tableCertificate('a', await authority.issue('a.example', 'new.example')) }
      early.write(GET)
      expect((await early.readResponse()).status).toBe(200)
      const late = await bench.connect({ port, tls: { servername: 'a.example', ca: authority.certPem } })
      expect((late.socket as TLSSocket).getPeerX509Certificate()?.subjectAltName).toContain('new.example')
    })

    test('without an identity the handshake fails and the listener goes on', async () => {
      const { port } = await serveTls({
        select: (name) => (name === 'a.example' ? { certificate: tableCertificate('a', a) } : undefined),
      })
      await expect(
        bench.connect({ port, tls: { servername: 'nobody.example', rejectUnauthorized: false } }),
      ).rejects.toThrow()
      const client = await bench.connect({ port, tls: { servername: 'a.example', ca: authority.certPem } })
      client.write(GET)
      expect((await client.readResponse()).status).toBe(200)
    })

    test.each(['a key of another certificate', 'ciphers that nobody knows', 'text instead of a key'])(
      'an identity with %s fails its own handshakes, others are served',
      async (what) => {
        const certificate = tableCertificate('b', {
          certPem: b.certPem,
          keyPem: what.startsWith('text') ? 'no key' : what.startsWith('a key') ? a.keyPem : b.keyPem,
        })
        const bad = { certificate, ...(what.startsWith('ciphers') && { ciphers: 'NO-SUCH-CIPHER' }) }
        const good = { certificate: tableCertificate('a', a) }
        const { port } = await serveTls({ select: (name) => (name === 'a.example' ? good : bad) })
        for (const servername of ['b.example', undefined, 'b.example']) {
          const tls = { ...(servername && { servername }), rejectUnauthorized: false }
          await expect(bench.connect({ port, tls })).rejects.toThrow()
        }
        const client = await bench.connect({ port, tls: { servername: 'a.example', ca: authority.certPem } })
        client.write(GET)
        expect((await client.readResponse()).status).toBe(200)
      },
    )

    test('client certificates are asked for by host and reported, good, bad or absent', async () => {
      const clientAuth = { mode: 'on' as const, caPem: authority.certPem, depth: 1, passToUpstream: false }
      const identity = { certificate: tableCertificate('a', a), clientAuth }
      const { port, facts } = await serveTls({ select: () => identity })
      const good = await authority.issue('alice', 'O=Acme, Inc.', 'OU=Ärzte')
      const stranger = await (await makeAuthority()).issue('mallory')
      for (const certificate of [good, stranger, undefined]) {
        const client = await bench.connect({
          port,
          tls: {
            servername: 'a.example',
            ca: authority.certPem,
            ...(certificate && { cert: certificate.certPem, key: certificate.keyPem }),
          },
        })
        client.write(GET)
        await client.readResponse()
      }
      expect(facts[0]?.tls?.client).toMatchObject({
        verified: true,
        subject: 'CN=alice,OU=\\C3\\84rzte,O=Acme\\, Inc.',
        issuer: 'CN=Postern Test Authority',
      })
      expect(new X509Certificate(facts[0]?.tls?.client?.pem ?? '').subject).toContain('CN=alice')
      expect(facts[1]?.tls?.client).toMatchObject({ verified: false, subject: 'CN=mallory' })
      expect(facts[2]?.tls?.client).toBeUndefined()
    })

    test('a session of one host does not vouch for a client at another host', async () => {
      const [ours, theirs] = [await makeAuthority('ours'), await makeAuthority('theirs')]
      const mallory = await theirs.issue('mallory')
      const certificate = tableCertificate('a', a)
      const trusting = ({ certPem }: TestAuthority): TlsIdentity => ({
        certificate,
        clientAuth: { mode: 'on', caPem: certPem, depth: 1, passToUpstream: false },
      })
      const hosts: Record<string, TlsIdentity> = {
        'a.example': trusting(ours),
        'b.example': trusting(theirs),
      }
      const { port, facts } = await serveTls({ select: (name) => hosts[name ?? ''] })
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        let session: Buffer | undefined
        for (const servername of ['b.example', 'a.example']) {
          const socket = connect({
            port,
            host: '127.0.0.1',
            servername,
            maxVersion,
            rejectUnauthorized: false,
            ...{ cert: mallory.certPem, key: mallory.keyPem, ...(session && { session }) },
          })
          socket.on('session', (given: Buffer) => (session = given))
          socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
          await once(socket.resume(), 'close')
        }
        expect(session).toBeDefined()
      }
      const seen = facts.map(({ tls }) => [tls?.protocol, tls?.serverName, tls?.client?.verified])
      expect(seen).toEqual([
        ['TLSv1.2', 'b.example', true],
        ['TLSv1.2', 'a.example', false],
        ['TLSv1.3', 'b.example', true],
        ['TLSv1.3', 'a.example', false],
      ])
    })

    test('the length of a client’s chain is told, and a session that is taken up again forgets nothing of it', async () => {
      const clientAuth = { mode: 'on' as const, caPem: authority.certPem, depth: 1, passToUpstream: false }
      const identity = { certificate: tableCertificate('a', a), clientAuth }
      const { port, facts } = await serveTls({ select: () => identity })
      const below = await authority.subordinate('Below')
      const far = await below.subordinate('Far Below')
      for (const issuer of [authority, below, far]) {
        const { certPem: cert, keyPem: key } = await issuer.issue('alice')
        let session: Buffer | undefined
        for (const _round of ['first', 'again']) {
          const tls = {
            servername: 'a.example',
            ca: authority.certPem,
            cert,
            key,
            ...(session && { session }),
          }
          const client = await bench.connect({ port, tls })
          client.socket.on('session', (given: Buffer) => (session = given))
          client.write(GET)
          await client.readResponse()
        }
      }
      const told = facts.map(({ tls }) => tls?.client && [tls.client.verified, tls.client.depth])
      expect(told).toEqual([0, 0, 1, 1, 2, 2].map((depth) => [true, depth]))
    })

    test('PROXY protocol stands before the handshake', async () => {
      const identity = { certificate: tableCertificate('a', a) }
      const seen: ConnectionFacts[] = []
      const { port } = await bench.listen(
        (exchange) => {
          seen.push(exchange.connection)
          void bench.engine.reply(exchange, { status: 200, headers: [], body: 'ok' })
        },
        { tls: { select: () => identity }, proxyProtocol: true },
      )
      const plain = connectTcp({ port, host: '127.0.0.1' })
      plain.write('PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n')
      const secure = connect({ socket: plain, servername: 'a.example', ca: authority.certPem })
      await once(secure, 'secureConnect')
      secure.write(GET)
      const [answer] = (await once(secure, 'data')) as [Buffer]
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/)
      expect(seen[0]).toMatchObject({ scheme: 'https', remoteAddress: '192.0.2.7' })
      secure.destroy()
    })

    test('an upstream over TLS is verified: name and authority must fit', async () => {
      const upstream = await bench.upstream((_, response) => response.end('secret'), { tls: a })
      const trusted = { verify: true, serverName: 'a.example', caPem: authority.certPem }
      const ask = async (tls: typeof trusted | { verify: boolean; serverName: string }): Promise<string> => {
        const { port } = await bench.proxy(upstream.endpoint, () => ({ tls }))
        return (await bench.request(port, 'GET / HTTP/1.1', 'Host: x')).body
      }
      expect(await ask(trusted)).toBe('secret')
      expect(await ask({ ...trusted, serverName: 'other.example' })).toBe('upstream-tls')
      expect(await ask({ verify: true, serverName: 'a.example' })).toBe('upstream-tls')
      expect(await ask({ verify: false, serverName: 'a.example' })).toBe('secret')
    })

    test('settings for an upstream that OpenSSL refuses are a fault of TLS, request after request', async () => {
      const upstream = await bench.upstream((_, response) => response.end('secret'), { tls: a })
      const certificate = { certPem: a.certPem, keyPem: tableCertificate('b', b).keyPem }
      for (const bad of [{ ciphers: 'NO-SUCH-CIPHER' }, { certificate }]) {
        const tls = { verify: false, ...bad }
        const { port } = await bench.proxy(upstream.endpoint, () => ({ tls }))
        for (let i = 0; i < 2; i++)
          expect((await bench.request(port, 'GET / HTTP/1.1', 'Host: x')).body).toBe('upstream-tls')
      }
    })
  })
}

async function servedNames(bench: EngineBench, port: number): Promise<string> {
  const client = await bench.connect({ port, tls: { rejectUnauthorized: false } })
  return (client.socket as TLSSocket).getPeerX509Certificate()?.subjectAltName ?? ''
}
