import { expect, test } from '@jest/globals'
import { compileManifests, DEFAULT_COMPILE_SETTINGS } from '@postern/control-plane'
import { isSupportedHash } from '@postern/data-plane'
import { ingress, opaqueSecret } from '@postern/testing'

const B = '/zM.2YsP9q3kCb1QO2vWXeJkT5aZ7rU8yN4mLhGfDdSsAaQqWwEeRrT'.slice(0, 53)
const HASHES = [
  ...[
    '$apr1$abcdefgh$x',
    '$1$abc$x',
    '$apr1$toolongsalt$x',
    '{SHA}x',
    '{SSHA}x',
    '{PLAIN}x',
    '{MD5}x',
    'secret',
  ],
  ...['03', '04', '05', '10', '15', '16', '31', '5'].map((cost) => `$2y$${cost}$${B}`),
  ...[
    `$2a$05$${B}`,
    `$2b$05$${B}`,
    `$2x$05$${B}`,
    `$2c$05$${B}`,
    `$2y$05$short`,
    'rEK1ecacw.7.c',
    '$y$j9T$x$x',
  ],
  ...[
    '$5$salt$x',
    '$6$salt$x',
    '$6$rounds=1000000$s$x',
    '$6$rounds=1000001$s$x',
    '$5$rounds=x$s$x',
    '$5$seventeenletters!$x',
  ],
]

test.each(HASHES)('who checks manifests and who serves agree on %s', (hash) => {
  const manifests = [
    opaqueSecret('users', { ann: hash }),
    ingress({
      name: 'shop',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'users', 'auth-secret-type': 'auth-map' },
      rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
    }),
  ].map((content) => ({ content }))
  const { diagnostics } = compileManifests({ manifests, diagnostics: [] }, DEFAULT_COMPILE_SETTINGS)
  expect(diagnostics.some(({ code }) => code === 'password-hash')).toBe(!isSupportedHash(hash))
})
