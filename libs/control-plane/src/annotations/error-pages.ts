import { annotationFeature, key } from './feature.ts'
import { boolean, list, objectName, statusCode, type ObjectName } from './value.ts'

export interface ErrorPageSettings {
  /** Service of the same namespace, by its first port: answers while the main one has no ready endpoint. */
  readonly defaultBackend?: ObjectName
  /** Statuses of the upstream that the error backend answers instead. */
  readonly statuses: readonly number[]
}

export const errorPages = annotationFeature({
  name: 'Default backend and error pages',
  docs: 'Who answers while a Service has no ready endpoint, and instead of the upstream’s own error pages.',
  keys: {
    'default-backend': key(objectName, { meaning: 'Service of the same namespace; its first port is used.' }),
    'custom-http-errors': key(list(statusCode), {
      default: [],
      defaultText: 'none',
      global: 'custom-http-errors',
      verdict: {
        kind: 'differs',
        how: 'without any backend for error pages the upstream’s own go to the client',
      },
      meaning: 'Statuses that the default backend answers instead of the upstream.',
    }),
    'disable-proxy-intercept-errors': key(boolean, {
      default: false,
      tier: 2,
      global: 'disable-proxy-intercept-errors',
      meaning: 'Leave the upstream’s error pages alone here.',
    }),
  },
  read: (v): ErrorPageSettings => ({
    ...(v['default-backend'] && { defaultBackend: v['default-backend'] }),
    statuses: v['disable-proxy-intercept-errors']
      ? []
      : [...new Set(v['custom-http-errors'])].sort((a, b) => a - b),
  }),
})
