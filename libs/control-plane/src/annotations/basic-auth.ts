import { annotationFeature, key } from './feature.ts'
import { objectName, oneOf, Refusal, text, type ObjectName } from './value.ts'

export interface BasicAuthSettings {
  readonly secret: ObjectName
  /** `auth-file`: an htpasswd file under the key `auth`; `auth-map`: one key per user. */
  readonly form: 'auth-file' | 'auth-map'
  readonly realm: string
}

export const basicAuth = annotationFeature({
  name: 'Basic authentication',
  docs: 'Asks for user and password (RFC 7617) from a Secret. The Authorization header does not go to the upstream.',
  switch: { key: 'auth-type' },
  keys: {
    'auth-type': key(oneOf('basic', 'digest'), {
      bad: 'deny',
      meaning: 'Switches it on: `basic`.',
      verdict: { kind: 'differs', how: 'digest is refused (503): it needs passwords that can be read' },
    }),
    'auth-secret': key(objectName, {
      bad: 'deny',
      verdict: {
        kind: 'differs',
        how: 'the old crypt of DES, bcrypt of a cost above 15 and SHA-crypt of more than 1000000 rounds are not verified: such users cannot log in, and a finding says so',
      },
      meaning: 'Secret with the users: `name`, or `namespace/name` of the same namespace.',
    }),
    'auth-secret-type': key(oneOf('auth-file', 'auth-map'), {
      default: 'auth-file',
      bad: 'deny',
      meaning: 'Form of the Secret.',
    }),
    'auth-realm': key(text(/^[^"\\]*$/, 'expected text without quotes and backslashes', 256), {
      default: '',
      defaultText: 'empty',
      meaning: 'What browsers show when they ask.',
    }),
  },
  read: (v): BasicAuthSettings | undefined | Refusal => {
    if (v['auth-type'] === undefined) return undefined
    if (v['auth-type'] === 'digest') return new Refusal('digest authentication is not supported; basic is')
    if (v['auth-secret'] === undefined) return new Refusal('auth-type needs auth-secret')
    return { secret: v['auth-secret'], form: v['auth-secret-type'], realm: v['auth-realm'] }
  },
})
