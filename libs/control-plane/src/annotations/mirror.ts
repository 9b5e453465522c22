import type { MirrorFilter } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { httpUrl } from './url.ts'
import { hostName, oneOf } from './value.ts'

export const mirror = annotationFeature({
  name: 'Mirror',
  docs: 'Sends a copy of each request elsewhere and forgets the answer.',
  switch: { key: 'mirror-target' },
  keys: {
    'mirror-target': key(httpUrl, {
      tier: 2,
      meaning:
        'Where the copy goes. A Service by its cluster name (NAME.NAMESPACE.svc) that is among the manifests, or mapped, is sent it at its ready endpoints.',
      verdict: { kind: 'differs', how: 'a slow mirror does not slow the original down' },
    }),
    'mirror-host': key(hostName, {
      tier: 2,
      defaultText: 'the host of mirror-target',
      meaning: 'Host of the copy.',
    }),
    'mirror-request-body': key(oneOf('on', 'off'), {
      default: 'on',
      tier: 2,
      meaning: 'Copy the body too, up to 1 MiB.',
      verdict: {
        kind: 'differs',
        how: 'the copy leaves once the body has passed; a body of more than 1 MiB passes without a copy, and the log says so',
      },
    }),
  },
  read: (v): MirrorFilter | undefined =>
    v['mirror-target'] && {
      kind: 'mirror',
      url: v['mirror-target'],
      ...(v['mirror-host'] && { host: v['mirror-host'] }),
      body: v['mirror-request-body'] === 'on',
    },
})
