import type { IpAccess } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { cidr, list } from './value.ts'

const networks = list(cidr)
const NONE = { default: [], defaultText: 'none', bad: 'deny' } as const

export const ipAccess = annotationFeature({
  name: 'Client addresses',
  docs: 'Which clients may come (403 for the others). Deny is read before allow. Instead of, not besides, the ConfigMap’s lists.',
  keys: {
    'allowlist-source-range': key(networks, {
      ...NONE,
      global: 'whitelist-source-range',
      meaning: 'Only these networks.',
    }),
    'whitelist-source-range': key(networks, { ...NONE, meaning: 'Old name of allowlist-source-range.' }),
    'denylist-source-range': key(networks, {
      ...NONE,
      global: 'denylist-source-range',
      meaning: 'Not these networks.',
    }),
  },
  read: (v): IpAccess | undefined => {
    const old = v['whitelist-source-range']
    const allow = old.length > 0 ? old : v['allowlist-source-range']
    const deny = v['denylist-source-range']
    return allow.length === 0 && deny.length === 0 ? undefined : { allow, deny }
  },
})
