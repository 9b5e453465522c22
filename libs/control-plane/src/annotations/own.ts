import { annotationFeature, key } from './feature.ts'
import { integer } from './value.ts'

/** Annotations that ingress-nginx does not know: another prefix, so that no controller mistakes them for its own. */
export const OWN_PREFIX = 'postern.dev/'

const sharing = annotationFeature({
  name: 'Sharing of upstream connections',
  docs: 'GET, HEAD and OPTIONS without a body may follow each other on one connection before the answers have come (RFC 9112 §9.3.2); everything else keeps a connection to itself. For upstreams that answer quickly: one slow answer holds up those behind it. What a connection leaves unanswered when it dies is sent again on another.',
  keys: {
    [`${OWN_PREFIX}upstream-pipelining` as const]: key(integer(1, 16), {
      default: 1,
      meaning: 'How many requests may be under way on one upstream connection; 1 is no sharing.',
    }),
  },
  read: (v): number => v['postern.dev/upstream-pipelining'],
})

/** Every feature of our own; the names of their keys are whole. A new one is one line here. */
export const OWN_FEATURES = { sharing } as const
