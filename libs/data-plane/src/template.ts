import type { TemplatePart, TemplateVariable } from '@postern/routing-table'
import { readCookie } from './cookies.ts'
import { escapeComponent } from './escape-component.ts'
import type { Journey } from './journey.ts'

/** Fills the holes of a text from the request. What the client sent stays text: nothing is evaluated. */
export function render(parts: readonly TemplatePart[], journey: Journey): string {
  let text = ''
  for (const part of parts) text += part.kind === 'text' ? part.text : variable(part.name, journey)
  return text
}

// A decoded path may hold anything; RFC 9110 §5.5: a header's value has no control characters, and a line break would begin another.
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/g

/** The same as the value of a header. */
export function renderLine(parts: readonly TemplatePart[], journey: Journey): string {
  return render(parts, journey).replace(CONTROL, '')
}

function variable(name: TemplateVariable, journey: Journey): string {
  const { exchange, client } = journey
  switch (name) {
    case 'host':
      return exchange.host
    case 'http_host':
      return exchange.authority
    case 'request_uri':
      return exchange.target
    case 'escaped_request_uri':
      return escapeComponent(exchange.target)
    case 'uri':
      return exchange.path.normalized
    case 'scheme':
      return client.scheme
    case 'remote_addr':
      return client.address
    case 'request_method':
      return exchange.method
    case 'args':
      return exchange.path.query.slice(1)
    case 'request_id':
      return journey.requestId
    case 'is_args':
      return exchange.path.query === '' ? '' : '?'
    case 'port_suffix':
      return /:\d+$/.exec(client.authority)?.[0] ?? ''
    default:
      return namedVariable(name, journey)
  }
}

function namedVariable(name: string, { exchange }: Journey): string {
  if (name.startsWith('cookie_')) return readCookie(exchange, name.slice(7)) ?? ''
  // nginx writes header names in lower case with underscores: $http_x_user.
  if (name.startsWith('http_')) return exchange.headers.get(name.slice(5).replaceAll('_', '-')) ?? ''
  const wanted = `${name.slice(4)}=`
  const argument = exchange.path.query
    .slice(1)
    .split('&')
    .find((pair) => pair.startsWith(wanted))
  return argument?.slice(wanted.length) ?? ''
}
