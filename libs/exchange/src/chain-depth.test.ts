import { expect, test } from '@jest/globals'
import { chainDepth } from './chain-depth.ts'

interface Issued {
  issuerCertificate?: Issued
}

const root: Issued = {}
root.issuerCertificate = root
const under = (issuerCertificate: Issued): Issued => ({ issuerCertificate })

test.each([
  ['an authority itself', root, 0],
  ['a leaf of an authority', under(root), 0],
  ['one certificate between', under(under(root)), 1],
  ['two between', under(under(under(root))), 2],
  ['a chain whose authority is not known', under({}), 0],
])('%s', (_, leaf, depth) => {
  expect(chainDepth(leaf)).toBe(depth)
})

test('a chain that leads back into itself ends', () => {
  const a: Issued = {}
  a.issuerCertificate = under(a)
  expect(chainDepth(a)).toBe(99)
})
