import { annotationFeature, key } from './feature.ts'
import { boolean } from './value.ts'

const TRACED = {
  kind: 'no-op',
  because: 'tracing is switched on for the whole gateway, not per Ingress',
} as const

export const logs = annotationFeature({
  name: 'Logs and traces',
  docs: 'What is written about requests.',
  keys: {
    'enable-access-log': key(boolean, { default: true, meaning: 'A line in the access log per request.' }),
    'enable-rewrite-log': key(boolean, {
      default: false,
      tier: 2,
      meaning: 'Log rewrites.',
      verdict: { kind: 'no-op', because: 'postern explain shows rewrites' },
    }),
    'enable-opentelemetry': key(boolean, { tier: 2, meaning: 'Traces for this Ingress.', verdict: TRACED }),
    'opentelemetry-trust-incoming-span': key(boolean, {
      tier: 2,
      meaning: 'Trust the client’s trace.',
      verdict: TRACED,
    }),
    'opentelemetry-operation-name': key((name) => name, {
      tier: 2,
      meaning: 'Name of the span.',
      verdict: TRACED,
    }),
  },
  read: (v): { readonly access: boolean } => ({ access: v['enable-access-log'] }),
})
