import type { UpstreamTimeouts } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { integer } from './value.ts'

const seconds = integer(1, 2_000_000)

export const timeouts = annotationFeature({
  name: 'Timeouts',
  docs: 'Seconds without a unit. Reading and sending are counted between two operations, not in total; a WebSocket that is idle for longer is closed. Beyond them: 504.',
  keys: {
    'proxy-connect-timeout': key(seconds, {
      default: 5,
      global: 'proxy-connect-timeout',
      meaning: 'To connect.',
    }),
    'proxy-read-timeout': key(seconds, {
      default: 60,
      global: 'proxy-read-timeout',
      meaning: 'Between two reads.',
    }),
    'proxy-send-timeout': key(seconds, {
      default: 60,
      global: 'proxy-send-timeout',
      meaning: 'Between two writes.',
    }),
  },
  read: (v): UpstreamTimeouts => ({
    connectMs: v['proxy-connect-timeout'] * 1_000,
    readMs: v['proxy-read-timeout'] * 1_000,
    sendMs: v['proxy-send-timeout'] * 1_000,
  }),
})
