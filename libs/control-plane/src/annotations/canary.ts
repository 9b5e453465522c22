import type { Canary } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { linearRegex } from './regex.ts'
import { boolean, headerName, integer, text } from './value.ts'

/** Who is sent to this Ingress's backends instead of the main one's. */
export type CanarySettings = Pick<Canary, 'header' | 'cookie' | 'weight' | 'weightTotal'>

export const canary = annotationFeature({
  name: 'Canary',
  docs: 'Makes the Ingress the alternative of another one with the same host, path and type: header, then cookie, then weight decide. Its other annotations say nothing, but for load-balance, upstream-hash-by and affinity.',
  switch: { key: 'canary' },
  keys: {
    canary: key(boolean, {
      default: false,
      meaning:
        'Switches it on, for every path that leads to the same Service and port (with --compat spec for the same path only).',
    }),
    'canary-by-header': key(headerName, {
      meaning: 'Header that decides: `always`, `never`, or canary-by-header-value.',
    }),
    'canary-by-header-value': key(text(/^.*$/, 'expected one line', 1_024), {
      meaning: 'Value of the header that means the canary; any other value decides nothing.',
    }),
    'canary-by-header-pattern': key(linearRegex, {
      meaning: 'The same as a regular expression; without effect beside canary-by-header-value.',
    }),
    'canary-by-cookie': key(headerName, { meaning: 'Cookie that decides: `always` or `never`.' }),
    'canary-weight': key(integer(0, 1_000_000), { default: 0, meaning: 'Share of the rest.' }),
    'canary-weight-total': key(integer(1, 1_000_000), {
      default: 100,
      meaning: 'What the weight is a share of; below 100 it counts as 100.',
    }),
  },
  read: (v): CanarySettings | undefined => {
    if (!v.canary) return undefined
    const {
      'canary-by-header': name,
      'canary-by-header-value': value,
      'canary-by-header-pattern': pattern,
    } = v
    const weightTotal = Math.max(100, v['canary-weight-total'])
    return {
      ...(name && { header: { name, ...(value ? { value } : pattern && { pattern }) } }),
      ...(v['canary-by-cookie'] && { cookie: v['canary-by-cookie'] }),
      weight: Math.min(v['canary-weight'], weightTotal),
      weightTotal,
    }
  },
})
