import { annotationFeature, key } from './feature.ts'
import { oneOf } from './value.ts'

export const satisfy = annotationFeature({
  name: 'All checks or any',
  docs: 'Whether a client must pass every check (addresses, basic, external) or one of them.',
  keys: {
    satisfy: key(oneOf('all', 'any'), { default: 'all', tier: 2, bad: 'deny', meaning: '`all` or `any`.' }),
  },
  read: (v): 'all' | 'any' => v.satisfy,
})
