import type { HeaderView } from '@postern/exchange'
import type { AnswerRewrites, TemplatePart, ValueRewrite } from '@postern/routing-table'
import type { Journey } from '../journey.ts'
import { compileRegex, type LinearRegex } from '../linear-regex.ts'
import { render } from '../template.ts'

/** `proxy_redirect`, `proxy_cookie_domain` and `proxy_cookie_path` of nginx, by `responseEdits`. */
export function rewriteAnswer(journey: Journey, rewrites: AnswerRewrites, headers: HeaderView): void {
  if (rewrites.location !== undefined) rewriteLocations(journey, rewrites, rewrites.location, headers)
  if (rewrites.cookieDomain !== undefined || rewrites.cookiePath !== undefined)
    rewriteCookies(journey, rewrites, headers)
}

function rewriteLocations(
  journey: Journey,
  { relative }: AnswerRewrites,
  rule: ValueRewrite,
  headers: HeaderView,
): void {
  const { exchange, client } = journey
  const location = headers.get('location')
  const moved = location === undefined ? undefined : rewriteValue(rule, location, journey)
  // nginx makes a path that it wrote itself complete (absolute_redirect); a path of the upstream stays one.
  const isPath = moved?.startsWith('/') === true && relative === undefined
  if (moved !== undefined)
    exchange.responseEdits.set('Location', isPath ? `${client.scheme}://${client.authority}${moved}` : moved)
  const refresh = /^(.*?url=)(.*)$/i.exec(headers.get('refresh') ?? '')
  const url = refresh === null ? undefined : rewriteValue(rule, refresh[2] ?? '', journey)
  if (url !== undefined) exchange.responseEdits.set('Refresh', `${refresh?.[1] ?? ''}${url}`)
}

function rewriteCookies(journey: Journey, rewrites: AnswerRewrites, headers: HeaderView): void {
  const lines: string[] = []
  let changed = false
  headers.each((name, value) => {
    if (name.toLowerCase() !== 'set-cookie') return
    const line = rewriteCookie(value, rewrites, journey)
    changed ||= line !== value
    lines.push(line)
  })
  if (!changed) return
  const { responseEdits } = journey.exchange
  responseEdits.remove('Set-Cookie')
  for (const line of lines) responseEdits.add('Set-Cookie', line)
}

// RFC 6265 §4.1.1: attributes follow the pair, separated by semicolons, in any order and case.
function rewriteCookie(line: string, { cookieDomain, cookiePath }: AnswerRewrites, journey: Journey): string {
  return line.replace(
    /(;\s*(domain|path)=)(\.?)([^;]*)/gi,
    (attribute, start: string, name: string, dot: string, value: string) => {
      const isDomain = name.toLowerCase() === 'domain'
      const rule = isDomain ? cookieDomain : cookiePath
      const next = rule && rewriteValue(rule, isDomain ? value : dot + value, journey)
      if (next === undefined) return attribute
      return `${start}${isDomain ? dot : ''}${next}`
    },
  )
}

/** The new value, or undefined when the rule does not fit. */
function rewriteValue(rule: ValueRewrite, value: string, journey: Journey): string | undefined {
  switch (rule.kind) {
    case 'prefix': {
      const from = render(rule.from, journey)
      return value.startsWith(from) ? oneLine(render(rule.to, journey)) + value.slice(from.length) : undefined
    }
    case 'whole':
      return value.toLowerCase() === rule.from.toLowerCase() ? oneLine(render(rule.to, journey)) : undefined
    case 'regex': {
      const captures = regexOf(rule).exec(value)
      return captures && oneLine(render(filled(rule.to, captures), journey))
    }
  }
}

const compiled = new WeakMap<ValueRewrite, LinearRegex>()

function regexOf(rule: Extract<ValueRewrite, { kind: 'regex' }>): LinearRegex {
  let regex = compiled.get(rule)
  if (regex === undefined)
    compiled.set(rule, (regex = compileRegex(rule.from, { ignoreCase: rule.ignoreCase, anchored: false })))
  return regex
}

function filled(
  parts: readonly TemplatePart[],
  captures: readonly (string | undefined)[],
): readonly TemplatePart[] {
  return parts.map((part) => {
    const group = part.kind === 'text' ? /^\$(\d)$/.exec(part.text)?.[1] : undefined
    return group === undefined ? part : { kind: 'text', text: captures[Number(group)] ?? '' }
  })
}

// What the client sent may stand in a variable; it cannot hold a line break, and neither may the answer.
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '')
}
