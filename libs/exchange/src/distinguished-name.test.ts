import { expect, test } from '@jest/globals'
import { distinguishedName } from './distinguished-name.ts'

test.each([
  ['CN=ann', 'CN=ann'],
  ['C=DE\nO=Acme\nOU=one\nOU=two\nCN=ann', 'CN=ann,OU=two,OU=one,O=Acme,C=DE'],
  ['O=Acme\\,CN\\=root\nCN=ann', 'CN=ann,O=Acme\\,CN\\=root'],
  ['O=Ärzte\nCN=ann', 'CN=ann,O=\\C3\\84rzte'],
  ['', ''],
])('%j is %s', (lines, name) => {
  expect(distinguishedName(lines)).toBe(name)
})
