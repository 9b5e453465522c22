import { annotationFeature, key } from './feature.ts'
import { integer, oneOf, size } from './value.ts'

export interface BodySettings {
  /** 0 is no limit. */
  readonly maxRequestBytes: number
  readonly maxResponseHeadBytes: number
  /** `proxy-buffering`, for what nginx ties to it. */
  readonly isBuffered: boolean
}

const STREAMED = {
  kind: 'no-op',
  because: 'bodies are streamed in both directions and never stored',
} as const

export const body = annotationFeature({
  name: 'Bodies and buffers',
  docs: 'The limit of request bodies and of response heads. Bodies are streamed, so the keys that size nginx’s buffers have nothing to size.',
  keys: {
    'proxy-body-size': key(size, {
      default: 1_048_576,
      defaultText: '1m',
      global: 'proxy-body-size',
      meaning: 'A larger request body is a 413; `0` is no limit.',
    }),
    'proxy-buffer-size': key(size, {
      default: 4_096,
      defaultText: '4k',
      global: 'proxy-buffer-size',
      meaning: 'A larger response head is a 502.',
    }),
    'client-body-buffer-size': key(size, {
      default: 8_192,
      defaultText: '8k',
      global: 'client-body-buffer-size',
      meaning: 'Memory for a request body.',
      verdict: STREAMED,
    }),
    'proxy-request-buffering': key(oneOf('on', 'off'), {
      default: 'on',
      global: 'proxy-request-buffering',
      meaning: 'Read the body before the upstream is asked.',
      verdict: { ...STREAMED, happens: 'off' },
    }),
    'proxy-buffering': key(oneOf('on', 'off'), {
      default: 'off',
      global: 'proxy-buffering',
      meaning: 'Store responses on their way.',
      verdict: {
        ...STREAMED,
        because: `${STREAMED.because}; only limit-rate asks for it`,
        happens: 'off',
        unless: 'limit-rate',
      },
    }),
    'proxy-buffers-number': key(integer(1), {
      default: 4,
      global: 'proxy-buffers-number',
      meaning: 'Number of response buffers.',
      verdict: STREAMED,
    }),
    'proxy-busy-buffers-size': key(size, {
      defaultText: '8k',
      global: 'proxy-busy-buffers-size',
      meaning: 'Part of them that may be busy.',
      verdict: STREAMED,
    }),
    'proxy-max-temp-file-size': key(size, {
      default: 1_073_741_824,
      defaultText: '1024m',
      global: 'proxy-max-temp-file-size',
      meaning: 'Size of the file behind the buffers.',
      verdict: STREAMED,
    }),
    'proxy-http-version': key(oneOf('1.0', '1.1'), {
      default: '1.1',
      global: 'proxy-http-version',
      meaning: 'Version of requests to the upstream.',
      verdict: {
        kind: 'no-op',
        because:
          'requests to the upstream are always HTTP/1.1, which a server of 1.0 answers as well (RFC 9112 §2.3)',
      },
    }),
  },
  // A limit below a page would refuse every response.
  read: (v): BodySettings => ({
    maxRequestBytes: v['proxy-body-size'],
    maxResponseHeadBytes: Math.max(512, v['proxy-buffer-size']),
    isBuffered: v['proxy-buffering'] === 'on',
  }),
})
