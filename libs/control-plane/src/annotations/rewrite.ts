import type { TemplatePart } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { boolean, Refusal, text, type ParseValue } from './value.ts'
import { template } from './template.ts'

export interface RewriteSettings {
  /** `$1…$n` are captures of the path's own expression. A complete URL redirects. */
  readonly target?: string
  readonly useRegex: boolean
  readonly appRoot?: readonly TemplatePart[]
  readonly forwardedPrefix?: string
}

const target = text(
  /^[^\s"';{}\\]+$/,
  'expected a path or a URL, without blanks, quotes, semicolons and braces',
)

const rewriteTarget: ParseValue<string> = (value) => {
  const parsed = target(value)
  if (parsed instanceof Refusal) return parsed
  return /\$(?!\d)/.test(parsed)
    ? new Refusal('expected only captures ($1, $2 …) after a dollar sign')
    : parsed
}

const appRoot: ParseValue<readonly TemplatePart[]> = (value) => {
  if (!value.startsWith('/') || /[\s"';{}\\]/.test(value))
    return new Refusal('expected a path that begins with /')
  return template(value)
}

export const rewrite = annotationFeature({
  name: 'Rewrite',
  docs: 'Changes the path on its way to the upstream. One path with rewrite-target or use-regex makes every path of its host a regular expression.',
  keys: {
    'rewrite-target': key(rewriteTarget, {
      meaning:
        'The path that the upstream gets; `$1` … are captures of the Ingress path. A complete URL redirects (302).',
    }),
    'use-regex': key(boolean, {
      default: false,
      verdict: {
        kind: 'differs',
        how: 'expressions run in linear time; look-around and back-references are refused (503)',
      },
      meaning: 'Paths of the host are regular expressions, without regard to case, longest text first.',
    }),
    'app-root': key(appRoot, { meaning: 'Where `/` redirects to (302).' }),
    'x-forwarded-prefix': key(text(/^[^\s"';{}\\$]+$/, 'expected a path'), {
      meaning: 'Sent to the upstream as X-Forwarded-Prefix; only where rewrite-target is in force.',
    }),
  },
  read: (v): RewriteSettings => ({
    ...(v['rewrite-target'] && { target: v['rewrite-target'] }),
    useRegex: v['use-regex'],
    ...(v['app-root'] && { appRoot: v['app-root'] }),
    ...(v['x-forwarded-prefix'] && { forwardedPrefix: v['x-forwarded-prefix'] }),
  }),
})
