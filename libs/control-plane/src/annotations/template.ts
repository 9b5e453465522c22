import type { TemplatePart, TemplateVariable } from '@postern/routing-table'
import { Refusal, type ParseValue } from './value.ts'

// Other names of nginx and ingress-nginx for what we have under one name.
const ALIASES: Readonly<Record<string, TemplateVariable>> = {
  best_http_host: 'http_host',
  document_uri: 'uri',
  query_string: 'args',
  req_id: 'request_id',
  binary_remote_addr: 'remote_addr',
  the_real_ip: 'remote_addr',
  pass_access_scheme: 'scheme',
}

const PLAIN: readonly TemplateVariable[] = [
  'host',
  'http_host',
  'request_uri',
  'escaped_request_uri',
  'uri',
  'scheme',
  'remote_addr',
  'request_method',
  'request_id',
  'args',
  'is_args',
]

const VARIABLE = /\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))/g

/**
 * A text with nginx variables, parsed once into parts. Only the variables of `TemplateVariable` exist; every other one
 * is refused by name, because in nginx it would be a part of its configuration.
 */
export const template: ParseValue<readonly TemplatePart[]> = (text) => {
  if (/[\u0000-\u001f\u007f]/.test(text) || text.length > 4_096) {
    return new Refusal('expected one line of at most 4096 characters, without control characters')
  }
  const parts: TemplatePart[] = []
  let end = 0
  for (const match of text.matchAll(VARIABLE)) {
    const name = match[1] ?? match[2] ?? ''
    const variable = variableOf(name)
    if (variable === undefined) return new Refusal(`there is no variable $${name} here; known are ${known()}`)
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) })
    parts.push({ kind: 'variable', name: variable })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) })
  return parts
}

/** The text that a template was parsed from, variables as `$name`. */
export function templateText(parts: readonly TemplatePart[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : `$${part.name}`)).join('')
}

function variableOf(name: string): TemplateVariable | undefined {
  const plain =
    PLAIN.find((known) => known === name) ?? (Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined)
  if (plain !== undefined) return plain
  return /^(arg|cookie|http)_[A-Za-z0-9_]+$/.test(name) ? (name as TemplateVariable) : undefined
}

function known(): string {
  return `${PLAIN.map((name) => `$${name}`).join(', ')}, $arg_NAME, $cookie_NAME and $http_NAME`
}
