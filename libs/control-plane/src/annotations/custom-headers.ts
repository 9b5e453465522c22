import { annotationFeature, key } from './feature.ts'
import { objectName, type ObjectName } from './value.ts'

export const customHeaders = annotationFeature({
  name: 'Custom headers',
  docs: 'Adds headers to responses, from a ConfigMap. Only names that the global ConfigMap lists under global-allowed-response-headers are allowed.',
  keys: {
    'custom-headers': key(objectName, {
      bad: 'deny',
      meaning: 'ConfigMap with one header per key: `name` or `namespace/name`.',
    }),
  },
  read: (v): ObjectName | undefined => v['custom-headers'],
})
