import { annotationFeature, key } from './feature.ts'
import { text } from './value.ts'

const NOT_YET = { kind: 'not-yet', because: 'headers of responses are not rewritten' } as const
const value = text(/^[^\r\n]*$/, 'expected one line')

export const responseRewrite = annotationFeature({
  name: 'Headers on their way',
  docs: 'Changes to what the upstream says about itself.',
  keys: {
    'proxy-cookie-domain': key(value, {
      default: 'off',
      tier: 2,
      meaning: 'Another domain in Set-Cookie.',
      verdict: NOT_YET,
    }),
    'proxy-cookie-path': key(value, {
      default: 'off',
      tier: 2,
      meaning: 'Another path in Set-Cookie.',
      verdict: NOT_YET,
    }),
    'proxy-redirect-from': key(value, {
      default: 'off',
      tier: 2,
      meaning: 'Part of Location to replace.',
      verdict: NOT_YET,
    }),
    'proxy-redirect-to': key(value, {
      default: 'off',
      tier: 2,
      meaning: 'What replaces it.',
      verdict: NOT_YET,
    }),
    'connection-proxy-header': key(value, {
      default: 'keep-alive',
      tier: 2,
      meaning: 'Connection header for the upstream.',
      verdict: {
        kind: 'no-op',
        because: 'Connection belongs to each connection (RFC 9110 §7.6.1), and pooling needs it',
      },
    }),
  },
  read: (): Record<string, never> => ({}),
})
