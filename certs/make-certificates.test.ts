import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { X509Certificate } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from './make-certificates.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const ingress = (hosts: string, secretName = 'shop-tls') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: default }
spec: { tls: [{ hosts: ${hosts}, secretName: ${secretName} }] }
`

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-certs-'))
  await writeFile(join(root, 'shop.yaml'), ingress('[shop.localhost]'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const make = (nowMs?: number) =>
  makeCertificates({
    ingressFolder: root,
    folder: join(root, 'certs'),
    ...(nowMs === undefined ? {} : { nowMs }),
  })
const x509 = async (name: string) => new X509Certificate(await readFile(join(root, 'certs', name)))

describe('development certificates', () => {
  test('one leaf per TLS Secret of the manifests and one for everything else, signed by one authority', async () => {
    const { certificates, made } = await make()
    expect(made).toEqual(['ca.crt', 'fallback-tls.crt', 'shop-tls.crt'])
    const authority = await x509('ca.crt')
    for (const { file } of certificates) {
      const leaf = new X509Certificate(await readFile(file))
      expect(leaf.verify(authority.publicKey)).toBe(true)
      expect(leaf.ca).toBe(false)
    }
    expect((await x509('shop-tls.crt')).checkHost('shop.localhost')).toBe('shop.localhost')
  })

  test('S3.16 the fallback carries my-nginx, nginxsvc, localhost and the loopback addresses', async () => {
    await make()
    const fallback = await x509('fallback-tls.crt')
    for (const name of ['my-nginx', 'nginxsvc', 'localhost']) expect(fallback.checkHost(name)).toBeDefined()
    for (const address of ['127.0.0.1', '::1']) expect(fallback.checkIP(address)).toBeDefined()
    expect(fallback.checkHost('other.example')).toBeUndefined()
  })

  test('W19 private keys are for the owner only', async () => {
    await make()
    for (const key of ['ca.key', 'shop-tls.key', 'fallback-tls.key'])
      expect((await stat(join(root, 'certs', key))).mode & 0o777).toBe(0o600)
  })

  test('a second run keeps everything', async () => {
    await make()
    const before = (await x509('shop-tls.crt')).fingerprint256
    expect(await make()).toMatchObject({ made: [], kept: ['ca.crt', 'fallback-tls.crt', 'shop-tls.crt'] })
    expect((await x509('shop-tls.crt')).fingerprint256).toBe(before)
  })

  test('a host that is added makes that certificate again and no other', async () => {
    await make()
    await writeFile(join(root, 'shop.yaml'), ingress('[shop.localhost, new.localhost]'))
    expect((await make()).made).toEqual(['shop-tls.crt'])
    expect((await x509('shop-tls.crt')).checkHost('new.localhost')).toBe('new.localhost')
  })

  test('a leaf with less than 30 days left is made again, the authority is kept', async () => {
    await make()
    const later = Date.now() + 370 * DAY_MS
    expect((await make(later)).made).toEqual(['fallback-tls.crt', 'shop-tls.crt'])
  })

  test('a new authority makes every leaf again', async () => {
    await make()
    await rm(join(root, 'certs', 'ca.key'))
    expect((await make()).made).toEqual(['ca.crt', 'fallback-tls.crt', 'shop-tls.crt'])
  })

  test('a key that belongs to another certificate, or a broken file, is replaced', async () => {
    await make()
    await copyFile(join(root, 'certs', 'fallback-tls.key'), join(root, 'certs', 'shop-tls.key'))
    expect((await make()).made).toEqual(['shop-tls.crt'])
    await writeFile(join(root, 'certs', 'shop-tls.crt'), '-----BEGIN CERTIFICATE-----\ncut')
    expect((await make()).made).toEqual(['shop-tls.crt'])
  })

  test('a manifest that is not YAML or not an Ingress stops nothing', async () => {
    await writeFile(join(root, 'broken.yaml'), 'kind: Ingress\n  spec: [')
    await writeFile(join(root, 'odd.yaml'), 'kind: Ingress\nspec: { tls: [{ hosts: text }, {}] }\n---\n- 1\n')
    expect((await make()).made).toContain('shop-tls.crt')
  })

  test('a Secret of another namespace has its namespace in the file name', async () => {
    await writeFile(
      join(root, 'shop.yaml'),
      ingress('[shop.localhost]').replace('namespace: default', 'namespace: shop'),
    )
    expect((await make()).made).toContain('shop.shop-tls.crt')
  })
})
