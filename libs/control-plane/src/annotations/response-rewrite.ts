import type { AnswerRewrites, TemplatePart, ValueRewrite } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { linearRegex } from './regex.ts'
import { template } from './template.ts'
import { Refusal, text, type ParseValue } from './value.ts'

const line = text(/^[^\r\n]*$/, 'expected one line')
const WORD = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"';{}][^\s;{}]*))(?=\s|$)/y

/** A pair without a regular expression. */
type Plain = (from: string, to: readonly TemplatePart[]) => ValueRewrite | Refusal

type Switchable = ValueRewrite | 'off'

/** nginx's two arguments: what is there, and what stands there instead; quoted where they have blanks or semicolons. */
function rewriteOf(plain: Plain): ParseValue<Switchable> {
  return (value) => {
    const one = line(value)
    if (one instanceof Refusal) return one
    if (one.trim() === 'off' || one.trim() === '') return 'off'
    const words = wordsOf(one)
    const [from, to] = words ?? []
    if (words?.length !== 2 || from === undefined || to === undefined)
      return new Refusal(`expected 'off', or two values: what is there, and what stands there instead`)
    return pairOf(from, to, plain)
  }
}

function pairOf(from: string, to: string, plain: Plain): ValueRewrite | Refusal {
  // nginx: the domain of a cookie has no case, so `~*` is no mark there.
  const [, mark, pattern = ''] = (plain === domain ? /^(~)(.*)$/ : /^(~\*?)(.*)$/).exec(from) ?? []
  if (mark === undefined) {
    const parts = template(to)
    return parts instanceof Refusal ? parts : plain(from, parts)
  }
  const regex = linearRegex(pattern)
  if (regex instanceof Refusal) return regex
  const parts = withCaptures(to)
  if (parts instanceof Refusal) return parts
  return { kind: 'regex', from: regex, ignoreCase: mark === '~*' || plain === domain, to: parts }
}

/** Captures stay text, `$1`: the data plane fills them from the match. */
function withCaptures(value: string): readonly TemplatePart[] | Refusal {
  const parts: TemplatePart[] = []
  for (const piece of value.split(/(\$[1-9])/).filter(Boolean)) {
    const parsed = /^\$[1-9]$/.test(piece) ? [{ kind: 'text', text: piece } as const] : template(piece)
    if (parsed instanceof Refusal) return parsed
    parts.push(...parsed)
  }
  return parts
}

function wordsOf(value: string): readonly string[] | undefined {
  const words: string[] = []
  WORD.lastIndex = 0
  while (WORD.lastIndex < value.trimEnd().length) {
    const match = WORD.exec(value)
    if (match === null) return undefined
    words.push((match[1] ?? match[2] ?? match[3] ?? '').replace(/\\(["'\\])/g, '$1'))
  }
  return words
}

const prefixed = (from: string, to: readonly TemplatePart[]): ValueRewrite | Refusal => {
  const parts = template(from)
  return parts instanceof Refusal ? parts : { kind: 'prefix', from: parts, to }
}

const domain = (from: string, to: readonly TemplatePart[]): ValueRewrite => {
  const [first, ...rest] = to
  // nginx leaves a dot at the beginning of either side out, and keeps the one of the cookie.
  const start = first?.kind === 'text' ? { ...first, text: first.text.replace(/^\./, '') } : first
  return { kind: 'whole', from: from.replace(/^\./, ''), to: start === undefined ? [] : [start, ...rest] }
}

/** One line that `judge` does not refuse. */
function checked(judge: (text: string) => unknown): ParseValue<string> {
  return (value) => {
    const one = line(value)
    const judged = one instanceof Refusal ? one : judge(one.trim())
    return judged instanceof Refusal ? judged : value.trim()
  }
}

export const responseRewrite = annotationFeature({
  name: 'Names of the upstream in answers',
  docs: 'What the upstream says about its own hosts and paths, in redirects and cookies, turned into what clients know. Regular expressions begin with `~` (or `~*`) and may use `$1`.',
  keys: {
    'proxy-cookie-domain': key(rewriteOf(domain), {
      default: 'off',
      tier: 2,
      global: 'proxy-cookie-domain',
      meaning: 'Domain of cookies and what stands there instead: `inner.example outer.example`.',
    }),
    'proxy-cookie-path': key(rewriteOf(prefixed), {
      default: 'off',
      tier: 2,
      global: 'proxy-cookie-path',
      meaning: 'Beginning of the Path of cookies and what stands there instead: `/app/ /`.',
    }),
    'proxy-redirect-from': key(
      checked((from) => pairOf(from, '', prefixed)),
      {
        default: 'off',
        tier: 2,
        global: 'proxy-redirect-from',
        meaning:
          'Beginning of Location to replace; `default` is nginx’s word for what nobody needs behind an Ingress.',
      },
    ),
    'proxy-redirect-to': key(checked(withCaptures), {
      default: 'off',
      tier: 2,
      global: 'proxy-redirect-to',
      meaning: 'What replaces it; a path becomes a URL of the host that was asked.',
    }),
    'connection-proxy-header': key(line, {
      default: 'keep-alive',
      tier: 2,
      meaning: 'Connection header for the upstream.',
      verdict: {
        kind: 'no-op',
        because: 'Connection belongs to each connection (RFC 9110 §7.6.1), and pooling needs it',
      },
    }),
  },
  read: (v): Omit<AnswerRewrites, 'relative'> | undefined => {
    const { 'proxy-cookie-domain': cookieDomain, 'proxy-cookie-path': cookiePath } = v
    const location = locationOf(v['proxy-redirect-from'], v['proxy-redirect-to'])
    if (cookieDomain === 'off' && cookiePath === 'off' && location === undefined) return undefined
    return {
      ...(location && { location }),
      ...(cookieDomain !== 'off' && { cookieDomain }),
      ...(cookiePath !== 'off' && { cookiePath }),
    }
  },
})

// ingress-nginx writes no rule unless both are there; `default` names its own upstream, which nobody sees.
function locationOf(from: string, to: string): ValueRewrite | undefined {
  if (['off', 'default', ''].includes(from) || to === 'off') return undefined
  const pair = pairOf(from, to, prefixed)
  return pair instanceof Refusal ? undefined : pair
}
